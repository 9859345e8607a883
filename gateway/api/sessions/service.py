"""Rules for commands to running sessions that people give."""

from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.errors import ConflictError, NotFoundError
from gateway.core.session import CloseReason, SessionState, Verb
from gateway.db.models import AccessSession, SessionCommand, User
from gateway.db.repositories import sessions
from gateway.session_commands import Command, place


def find(session: Session, session_id: str) -> AccessSession:
    """Return the session. Raises NotFoundError."""
    found = sessions.find(session, session_id)
    if found is None:
        raise NotFoundError("there is no such session")
    return found


def command(session: Session, session_id: str, verb: Verb, text: str, author: User, actor: Actor) -> SessionCommand:
    """Place a person's command. Raises ConflictError if the session has ended."""
    running = find(session, session_id)
    if running.state is SessionState.CLOSED:
        raise ConflictError("the session has ended")
    told = Command(verb, text)
    if verb is Verb.END:
        told = Command(verb, f"{author.display_name} ended the session: {text}", CloseReason.TERMINATED)
    return place(session, running, told, actor, author.display_name)
