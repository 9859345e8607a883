"""When spans were visible, read in bulk, and which of them were visible close to others.

Moments are plain tuples from the driver, which Python's garbage collector soon stops tracking. Any other objects would
trigger a full collection, which takes as long as a query.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from gateway.db.models import Span
from gateway.search.index import among

# recording_id, start_ms, end_ms, id of the span
Moment = tuple[str, int, int, int]


@dataclass(frozen=True)
class Moments:
    """Read moments of spans, each once."""

    session: Session
    _known: dict[int, Moment] = field(default_factory=dict)

    def of(self, ids: Collection[int]) -> list[Moment]:
        """Return them in order of ids, which within a recording is the order of `start_ms`."""
        known = self._known
        unknown = [key for key in ids if key not in known]
        if unknown:
            columns = select(col(Span.recording_id), col(Span.start_ms), col(Span.end_ms), col(Span.id))
            result: Any = self.session.connection().execute(columns.where(among(self.session, col(Span.id), unknown)))
            known.update((moment[3], moment) for moment in result.cursor.fetchall())
        return [known[key] for key in sorted(ids)]


def near(moments: Iterable[Moment], others: Iterable[Moment], within_ms: int) -> set[int]:
    """Return ids of those visible within that time of one of the others in their recording, which may be themselves.

    Both in order of ids. A merge: the surroundings of the others become intervals, which the moments pass.
    """
    stretches = _stretches(others, within_ms)
    nothing: list[list[int]] = []
    passed = dict.fromkeys(stretches, 0)
    found = set()
    for recording_id, start_ms, end_ms, key in moments:
        around = stretches.get(recording_id, nothing)
        at = passed.get(recording_id, 0)
        while at < len(around) and around[at][1] < start_ms:
            at += 1
        passed[recording_id] = at
        if at < len(around) and around[at][0] <= end_ms:
            found.add(key)
    return found


def _stretches(moments: Iterable[Moment], margin_ms: int) -> dict[str, list[list[int]]]:
    """Return, by recording, the first and last millisecond of each interval; they are disjoint and in order."""
    found: dict[str, list[list[int]]] = {}
    for recording_id, start_ms, end_ms, _ in moments:
        first, last = start_ms - margin_ms, end_ms + margin_ms
        stretches = found.setdefault(recording_id, [])
        if stretches and first <= stretches[-1][1]:
            stretches[-1][1] = max(stretches[-1][1], last)
        else:
            stretches.append([first, last])
    return found
