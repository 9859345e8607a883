"""Sessions: lists, and commands to those that run."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.schemas import Cursor, Limit, Listing, PageOf
from gateway.api.sessions import service
from gateway.api.sessions.schemas import CommandIn, CommandOut, SessionOut
from gateway.core.policy.access import Action, allows
from gateway.db.models import AccessSession, User
from gateway.db.repositories import catalogue, session_commands
from gateway.db.repositories.catalogue import RecordedAs

router = APIRouter(prefix="/sessions", tags=["sessions"])
SeesSessions = Annotated[User, Depends(allow(Action.SESSION_LIST, Action.SESSION_LIST_OWN))]
Controls = Annotated[User, Depends(allow(Action.SESSION_CONTROL))]


@router.get("")
def list_sessions(
    user: SeesSessions, state: GatewayStateDep, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[SessionOut]:
    """List sessions, newest first: all of them if the role allows it, otherwise the user's own."""
    everyone = allows(user.role, Action.SESSION_LIST)
    with state.database.read() as session:
        page = catalogue.sessions(session, user_id=None if everyone else user.id, limit=limit, cursor=cursor)
    return PageOf(items=[_out(*row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/{session_id}/commands")
def list_commands(session_id: str, _user: Controls, state: GatewayStateDep) -> Listing[CommandOut]:
    """List the commands a session was given, newest first."""
    with state.database.read() as session:
        service.find(session, session_id)
        found = session_commands.of_session(session, session_id)
        return Listing(items=[CommandOut.model_validate(command) for command in found])


@router.post("/{session_id}/commands", status_code=status.HTTP_201_CREATED)
def command_session(
    session_id: str, body: CommandIn, user: Controls, actor: ActorDep, state: GatewayStateDep
) -> CommandOut:
    """End a running session, lock or unlock its input, or show its operator a message.

    The gateway that runs the session carries it out within a second. `state` says when it has: read the list again.
    """
    with state.database.write() as session:
        return CommandOut.model_validate(service.command(session, session_id, body.verb, body.text, user, actor))


def _out(row: AccessSession, recorded: RecordedAs | None) -> SessionOut:
    return SessionOut(
        **row.model_dump(include=set(SessionOut.model_fields)),
        recording_id=recorded.id if recorded else None,
        recording_kind=recorded.kind if recorded else None,
    )
