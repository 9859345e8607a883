"""Watch terms: new hits in a recording become findings.

The index stage runs them in the transaction that makes a recording's new spans visible, so that no recording is
searchable without having been watched, and a repeated stage finds nothing twice. `workers.watch` runs the backlog.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from sqlmodel import Session

from gateway.core.recording.states import SpanSource
from gateway.db.models import Finding, WatchTerm
from gateway.db.repositories import findings, watch_terms
from gateway.search.hits import Hit, all_hits
from gateway.search.query import QueryError
from gateway.search.scope import Scope
from gateway.telemetry import get_logger

# Of time and of area. A line that is read again may begin a little earlier and be a little wider; another line in its
# place, or the one below, shares far less.
_SAME_SHARE: Final = 0.5

_log = get_logger()


def watch(session: Session, recording_id: str) -> int:
    """Run every watch term on one recording; return the number of new findings.

    The caller locks the recording's row.
    """
    return sum(_watch(session, term, recording_id) for term in watch_terms.active(session))


def _watch(session: Session, term: WatchTerm, recording_id: str) -> int:
    try:
        return keep(session, term.id, recording_id, hits_in(session, term.query, recording_id))
    except QueryError as error:  # saved when the language allowed it; no reason to keep a recording from being searched
        _log.error("watch_term.refused", watch_term_id=term.id, reason=str(error))
        return 0


def hits_in(session: Session, query: str, recording_id: str) -> list[Hit]:
    """Return all hits of a watch term's query in one recording. Raises QueryError."""
    return list(all_hits(session, query, Scope.everything(recording_id)))


def keep(session: Session, watch_term_id: str, recording_id: str, hits: Iterable[Hit]) -> int:
    """Store hits that are not findings yet; return their number. The caller locks the recording's row.

    Earlier findings stay with their evidence and verdict, whether or not they were read again.
    """
    known = findings.of_recording(session, watch_term_id, recording_id)
    digests = {finding.digest for finding in known}
    new: dict[str, Finding] = {}
    for hit in hits:
        digest = _digest(hit)
        if digest not in digests and not _is_known(hit, known):
            new[digest] = _finding(watch_term_id, hit, digest)
    session.add_all(new.values())
    session.flush()
    return len(new)


def _is_known(hit: Hit, known: Sequence[Finding]) -> bool:
    """Whether a finding is this piece of screen at this time, even if it was read differently."""
    return hit.source is SpanSource.SCREEN and any(
        finding.source is SpanSource.SCREEN and _is_same_time(hit, finding) and _is_same_place(hit, finding)
        for finding in known
    )


def _is_same_time(hit: Hit, finding: Finding) -> bool:
    shared = min(hit.end_ms, finding.end_ms) - max(hit.offset_ms, finding.start_ms)
    shorter = min(hit.end_ms - hit.offset_ms, finding.end_ms - finding.start_ms)
    return shared >= 0 and shared >= shorter * _SAME_SHARE


def _is_same_place(hit: Hit, finding: Finding) -> bool:
    box = hit.box
    width = min(box.x + box.width, finding.x + finding.width) - max(box.x, finding.x)
    height = min(box.y + box.height, finding.y + finding.height) - max(box.y, finding.y)
    smaller = min(box.width * box.height, finding.width * finding.height)
    return width > 0 and height > 0 and width * height >= smaller * _SAME_SHARE


def _digest(hit: Hit) -> str:
    place = f"{hit.source} {hit.offset_ms} {hit.box.x} {hit.box.y} {hit.text}"
    return hashlib.sha256(place.encode()).hexdigest()


def _finding(watch_term_id: str, hit: Hit, digest: str) -> Finding:
    return Finding(
        watch_term_id=watch_term_id,
        recording_id=hit.recording_id,
        digest=digest,
        at=hit.at,
        text=hit.text,
        start_ms=hit.offset_ms,
        end_ms=hit.end_ms,
        x=hit.box.x,
        y=hit.box.y,
        width=hit.box.width,
        height=hit.box.height,
        source=hit.source,
        transfer=hit.transfer.as_dict() if hit.transfer else None,
        match=hit.match,
    )
