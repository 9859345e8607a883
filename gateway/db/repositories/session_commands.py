"""Queries on commands to running sessions."""

from datetime import datetime

from sqlmodel import Session, col, select

from gateway.core.session import CommandState, SessionState, Verb
from gateway.db.models import AccessSession, SessionCommand


def running_of_user(session: Session, user_id: str) -> list[AccessSession]:
    """Return the sessions of a user that are not closed."""
    return _running(session, AccessSession.user_id == user_id)


def running_of_sign_in(session: Session, sign_in_id: str) -> list[AccessSession]:
    """Return the sessions opened under a sign-in that are not closed."""
    return _running(session, AccessSession.sign_in_id == sign_in_id)


def running_on_target(session: Session, target_id: str) -> list[AccessSession]:
    """Return the sessions on a target that are not closed."""
    return _running(session, AccessSession.target_id == target_id)


def pending(session: Session, gateway_id: str) -> list[SessionCommand]:
    """Return the commands to a gateway's sessions that are not carried out, oldest first."""
    query = select(SessionCommand).where(
        SessionCommand.state == CommandState.PENDING, SessionCommand.gateway_id == gateway_id
    )
    return list(session.exec(query.order_by(col(SessionCommand.placed_at), col(SessionCommand.id))))


def settle(session: Session, command_id: str, state: CommandState, now: datetime) -> SessionCommand | None:
    """Record what became of a pending command; return None if that is known already."""
    command = session.exec(select(SessionCommand).where(SessionCommand.id == command_id).with_for_update()).one()
    if command.state is not CommandState.PENDING:
        return None
    command.state, command.settled_at = state, now
    session.add(command)
    return command


def acknowledge(session: Session, command_id: str, now: datetime) -> SessionCommand:
    """Record that the operator has confirmed a message."""
    command = session.exec(select(SessionCommand).where(SessionCommand.id == command_id)).one()
    command.acknowledged_at = now
    session.add(command)
    return command


def of_session(session: Session, session_id: str) -> list[SessionCommand]:
    """Return all commands to a session, newest first."""
    query = select(SessionCommand).where(SessionCommand.session_id == session_id)
    return list(session.exec(query.order_by(col(SessionCommand.placed_at).desc(), col(SessionCommand.id))))


def settle_all(session: Session, closed: AccessSession, now: datetime) -> None:
    """Settle what is pending for a session that has closed: the command that ended it is done, others are missed."""
    query = select(SessionCommand).where(
        SessionCommand.session_id == closed.id, SessionCommand.state == CommandState.PENDING
    )
    for command in session.exec(query):
        is_cause = command.verb is Verb.END and command.close_reason is closed.close_reason
        command.state, command.settled_at = CommandState.DONE if is_cause else CommandState.MISSED, now
        session.add(command)


def _running(session: Session, *conditions: bool) -> list[AccessSession]:
    query = select(AccessSession).where(AccessSession.state != SessionState.CLOSED, *conditions)
    return list(session.exec(query.order_by(col(AccessSession.opened_at))))
