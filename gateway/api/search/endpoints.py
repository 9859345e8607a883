"""Search: query in, hits out, and an audit event for each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.schemas import Cursor, Limit, Listing
from gateway.api.search.schemas import CoverageOut, HitOut, HitPage, RecordingHitsOut, RecordingHitsPage, SourceOut
from gateway.audit import AuditTag, record
from gateway.core.policy.access import Action
from gateway.core.recording.kinds import KINDS
from gateway.db.models import User
from gateway.search import (
    Answer,
    GroupedAnswer,
    QueryError,
    Scope,
    SearchCoverage,
    search,
    search_recordings as find_recordings,
)
from gateway.search.query import SOURCES
from gateway.search.tokens import clean

router = APIRouter(prefix="/search", tags=["search"])

# Far above what a query may have, so that a long one gets the language's own message.
_MAX_TEXT = 5000


Searches = Annotated[User, Depends(allow(Action.RECORDING_SEARCH))]
Text = Annotated[str, Query(max_length=_MAX_TEXT)]


@router.get("")
def search_recordings(
    user: Searches,
    actor: ActorDep,
    state: GatewayStateDep,
    q: Text,
    limit: Limit = 50,
    cursor: Cursor = None,
    recording_id: Annotated[str | None, Query(max_length=100)] = None,
) -> HitPage:
    """Hits of a query, in all recordings or in one; docs/search.md has the language. A bad query gives a message."""
    scope = Scope.of_role(user.role, recording_id)
    with state.database.read() as session:
        try:
            answer, is_refused = search(session, q, scope, limit=limit, cursor=cursor), False
        except QueryError as error:
            answer, is_refused = Answer([], None, 0, SearchCoverage(), str(error)), True
    # Written before anything is answered, but not held while searching: SQLite has one writer.
    with state.database.write() as session:
        record(
            session,
            AuditTag.RECORDINGS_SEARCHED,
            actor,
            subject_id=scope.recording_id,
            query=clean(q),
            hit_count=len(answer.hits),
            recording_ids=sorted({hit.recording_id for hit in answer.hits}),
            is_first_page=cursor is None,
        )
    return HitPage(
        items=[HitOut.model_validate(hit) for hit in answer.hits],
        next_cursor=answer.next_cursor,
        recordings_searched=answer.recordings_searched,
        coverage=CoverageOut.model_validate(answer.coverage),
        message=answer.message,
        is_refused=is_refused,
    )


@router.get("/sources")
def list_sources(_user: Searches) -> Listing[SourceOut]:
    """Where text can come from: what a query may name as a field."""
    kinds = {source: [kind.name for kind in KINDS.values() if source in kind.sources] for source in SOURCES}
    return Listing(items=[SourceOut(name=source, kinds=names) for source, names in kinds.items()])


@router.get("/recordings")
def search_by_recording(
    user: Searches,
    actor: ActorDep,
    state: GatewayStateDep,
    q: Text,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> RecordingHitsPage:
    """The same hits grouped by recording, the newest recording first, each with its best hit and the times of others."""
    with state.database.read() as session:
        try:
            answer = find_recordings(session, q, Scope.of_role(user.role), limit=limit, cursor=cursor)
            is_refused = False
        except QueryError as error:
            answer, is_refused = GroupedAnswer([], None, 0, SearchCoverage(), str(error)), True
    with state.database.write() as session:
        record(
            session,
            AuditTag.RECORDINGS_SEARCHED,
            actor,
            query=clean(q),
            hit_count=sum(item.hit_count for item in answer.items),
            recording_ids=[item.recording_id for item in answer.items],
            is_first_page=cursor is None,
        )
    return RecordingHitsPage(
        items=[RecordingHitsOut.model_validate(item) for item in answer.items],
        next_cursor=answer.next_cursor,
        recordings_searched=answer.recordings_searched,
        coverage=CoverageOut.model_validate(answer.coverage),
        message=answer.message,
        is_refused=is_refused,
    )
