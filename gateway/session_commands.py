"""Tell running sessions something from outside: to end, to lock the input, to show a message.

A command is a row, so that it reaches a session whichever gateway runs it; that gateway looks for such rows several times a
second (`gateway.sessions.control`). It is placed and audited in the transaction that decides it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.session import CloseReason, Verb
from gateway.db.models import AccessSession, SessionCommand


@dataclass(frozen=True, slots=True)
class Command:
    """What a session is told. `text`: shown to the operator. `reason`: for the verb `end`."""

    verb: Verb
    text: str
    reason: CloseReason | None = None


def place(
    session: Session, running: AccessSession, command: Command, actor: Actor, author_name: str | None = None
) -> SessionCommand:
    """Place a command to a session. The operator reads `author_name` as who gave it; default: the actor's name."""
    placed = SessionCommand(
        session_id=running.id,
        gateway_id=running.gateway_id,
        verb=command.verb,
        close_reason=command.reason,
        text=command.text,
        author_id=actor.user_id,
        author_name=author_name or actor.name,
    )
    session.add(placed)
    names = {"operator": running.operator_name, "target": running.target_name}
    told = {"verb": command.verb, "text": command.text, **names}
    record(session, AuditTag.SESSION_COMMANDED, actor, subject_id=running.id, **told)
    return placed


def end_all(session: Session, running: Iterable[AccessSession], reason: CloseReason, text: str, actor: Actor) -> None:
    """End sessions, because what allowed them is gone."""
    for row in running:
        place(session, row, Command(Verb.END, text, reason), actor)
