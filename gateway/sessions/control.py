"""Carry out what running sessions are told from outside: end, lock, unlock, message (`gateway.session_commands`).

The gateway that runs a session looks for its commands. No nudge by Redis goes with them: the look is one indexed query, and a
command has to arrive when Redis is down.
"""

import asyncio
from typing import Final, NoReturn

from sqlalchemy.exc import SQLAlchemyError

from gateway.audit import Actor, AuditTag, record
from gateway.core.session import CloseReason, CommandState, Verb
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import SessionCommand
from gateway.db.repositories import session_commands, sessions
from gateway.sessions.endings import Ending
from gateway.sessions.live_state import LiveState
from gateway.sessions.recorder import RecorderLostError
from gateway.sessions.registry import Controls, LiveSession
from gateway.telemetry import get_logger

# A command has to be carried out within a second of the click.
LOOK_SECONDS: Final = 0.25
_GATEWAY: Final = Actor("gateway")
_log = get_logger()


async def carry_out_commands(state: LiveState, look_seconds: float = LOOK_SECONDS) -> NoReturn:
    """Look for commands to this gateway's sessions and carry them out, until cancelled. Looks at nothing while none runs."""
    # One at a time for each session, so that an unlock does not overtake its lock. A message that a slow browser does not
    # take holds up other messages only.
    begun: dict[tuple[str, bool], asyncio.Task[None]] = {}
    while True:
        await asyncio.sleep(look_seconds)
        begun = {turn: task for turn, task in begun.items() if not task.done()}
        if not len(state.registry):
            continue
        try:
            found = await asyncio.to_thread(_pending, state)
        except SQLAlchemyError as error:
            _log.error("session.commands_not_read", error=type(error).__name__)
            continue
        for command in found:
            live = state.registry.get(command.session_id)  # None: its rows are there, but it has only just begun
            if live is None:
                continue
            turn = command.session_id, command.verb is Verb.MESSAGE
            if command.verb is Verb.END:  # closing the session settles the command
                live.end(Ending(command.close_reason or CloseReason.TERMINATED, command.text))
            elif turn not in begun:
                begun[turn] = asyncio.create_task(_carry_out(state, live, command))


def _pending(state: LiveState) -> list[SessionCommand]:
    with state.database.read() as session:
        return session_commands.pending(session, state.gateway_id)


async def _carry_out(state: LiveState, live: LiveSession, command: SessionCommand) -> None:
    if live.controls is None:
        return  # it is connecting; the next look finds the command again
    try:
        await _obey(live.controls, command)
        await asyncio.to_thread(_settle, state, command)
    except RecorderLostError:
        return  # nothing was shown: the session is ending, and its closing settles the command as missed
    except SQLAlchemyError as error:
        _log.error("session.command_not_settled", command_id=command.id, error=type(error).__name__)


async def _obey(controls: Controls, command: SessionCommand) -> None:
    if command.verb is Verb.LOCK:
        await controls.lock(command)
    elif command.verb is Verb.UNLOCK:
        await controls.unlock(command)
    else:
        await controls.message(command)


def _settle(state: LiveState, command: SessionCommand) -> None:
    with state.database.write() as session:
        if session_commands.settle(session, command.id, CommandState.DONE, utc_now()) is None:
            return
        if command.verb in {Verb.LOCK, Verb.UNLOCK}:
            sessions.set_locked(session, command.session_id, locked=command.verb is Verb.LOCK)
        details = {"verb": command.verb, "author": command.author_name}
        record(session, AuditTag.SESSION_COMMAND_DONE, _GATEWAY, subject_id=command.session_id, **details)


def note_acknowledgement(database: Database, operator: Actor, command_id: str) -> None:
    """Record and audit that the operator has confirmed a message. Blocks."""
    with database.write() as session:
        command = session_commands.acknowledge(session, command_id, utc_now())
        record(
            session, AuditTag.SESSION_MESSAGE_ACKNOWLEDGED, operator, subject_id=command.session_id, text=command.text
        )
