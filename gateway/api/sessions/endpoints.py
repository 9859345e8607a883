"""Lists of sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.api.deps import GatewayStateDep, allow
from gateway.api.schemas import Cursor, Limit, PageOf
from gateway.api.sessions.schemas import SessionOut
from gateway.core.policy.access import Action, allows
from gateway.db.models import AccessSession, User
from gateway.db.repositories import catalogue
from gateway.db.repositories.catalogue import RecordedAs

router = APIRouter(prefix="/sessions", tags=["sessions"])
SeesSessions = Annotated[User, Depends(allow(Action.SESSION_LIST, Action.SESSION_LIST_OWN))]


@router.get("")
def list_sessions(
    user: SeesSessions, state: GatewayStateDep, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[SessionOut]:
    """List sessions, newest first: all of them if the role allows it, otherwise the user's own."""
    everyone = allows(user.role, Action.SESSION_LIST)
    with state.database.read() as session:
        page = catalogue.sessions(session, user_id=None if everyone else user.id, limit=limit, cursor=cursor)
    return PageOf(items=[_out(*row) for row in page.items], next_cursor=page.next_cursor)


def _out(row: AccessSession, recorded: RecordedAs | None) -> SessionOut:
    return SessionOut(
        **row.model_dump(include=set(SessionOut.model_fields)),
        recording_id=recorded.id if recorded else None,
        recording_kind=recorded.kind if recorded else None,
    )
