"""Watch terms: new hits in a recording become findings.

The index stage runs them in the transaction that makes a recording's new spans visible, so that no recording is
searchable without having been watched, and a repeated stage finds nothing twice. `workers.watch` runs the backlog.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from sqlmodel import Session

from gateway.core.recording.place import is_same_place, place_as_dict, place_from_dict, top_to_bottom
from gateway.db.models import Finding, WatchTerm
from gateway.db.repositories import findings, watch_terms
from gateway.search.hits import Hit, all_hits
from gateway.search.query import QueryError
from gateway.search.scope import Scope
from gateway.telemetry import get_logger

# A line that is read again may begin a little earlier or end a little later.
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
    return hit.place is not None and any(
        _is_same_time(hit, finding) and is_same_place(hit.place, place_from_dict(finding.place))
        for finding in known
        if finding.place is not None
    )


def _is_same_time(hit: Hit, finding: Finding) -> bool:
    shared = min(hit.end_ms, finding.end_ms) - max(hit.offset_ms, finding.start_ms)
    shorter = min(hit.end_ms - hit.offset_ms, finding.end_ms - finding.start_ms)
    return shared >= 0 and shared >= shorter * _SAME_SHARE


def _digest(hit: Hit) -> str:
    occurrence = f"{hit.source} {hit.offset_ms} {top_to_bottom(hit.place)} {hit.text}"
    return hashlib.sha256(occurrence.encode()).hexdigest()


def _finding(watch_term_id: str, hit: Hit, digest: str) -> Finding:
    return Finding(
        watch_term_id=watch_term_id,
        recording_id=hit.recording_id,
        digest=digest,
        at=hit.at,
        text=hit.text,
        start_ms=hit.offset_ms,
        end_ms=hit.end_ms,
        place=None if hit.place is None else place_as_dict(hit.place),
        source=hit.source,
        transfer=hit.transfer.as_dict() if hit.transfer else None,
        match=hit.match,
    )
