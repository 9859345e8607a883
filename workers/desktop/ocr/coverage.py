"""How much of a recording's screen time was examined and read: the coverage of the reading, combined with the gaps.

The index stage copies both sums to the recording's row, where search adds them up.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.db.models import Gap


def with_gaps(
    reading: Mapping[str, Any], gaps: Sequence[Gap], duration_ms: int, unrendered: Sequence[tuple[int, int]] = ()
) -> dict[str, Any]:
    """Return the coverage record (docs/text.md): `reading["coverage"]` with the seconds of each kind, and gaps.

    During a gap the last picture stays on the screen, but those seconds were not examined. A gap without an end follows
    the last frame; its length is unknown, so it is listed and adds no seconds. `unrendered` stretches, whose screen was
    too large to render, were not examined either. A `reading` without coverage read nothing.
    """
    coverage: Mapping[str, Any] = reading.get("coverage", {"seconds_read": 0.0})
    known = _merged((gap.start_ms, gap.end_ms) for gap in gaps if gap.end_ms is not None)
    all_ms = max([duration_ms, *(end for _start, end in known)])
    gap_ms = sum(end - start for start, end in known)
    unseen = _merged([*known, *unrendered])
    within_ms = sum(max(0, min(end, duration_ms) - start) for start, end in unseen)
    looked = max(0.0, coverage["seconds_read"] - within_ms / 1000)
    return {
        **coverage,
        "screen_seconds": round(all_ms / 1000, 3),
        "looked_seconds": round(looked, 3),
        "read_seconds": round(looked * reading.get("share_read", 0.0), 3),
        "gap_seconds": round(gap_ms / 1000, 3),
        "skipped_seconds": round(max(0.0, (all_ms - gap_ms) / 1000 - looked), 3),
        "gaps": [{"start_ms": gap.start_ms, "end_ms": gap.end_ms, "cause": gap.cause.value} for gap in gaps],
    }


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return disjoint intervals that cover the same time, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif end > start:
            merged.append((start, end))
    return merged
