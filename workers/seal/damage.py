"""Gaps where something of an original is missing or damaged, as its segments show it."""

from gateway.core.recording.entries import Chunk, GapNoted, SegmentClosed
from gateway.core.recording.manifest import Manifest
from gateway.core.recording.states import GapCause
from workers.seal.segment import FoundSegment


def gaps_of(
    found: list[FoundSegment], manifest: Manifest | None, noted: tuple[GapNoted, ...], tail: GapNoted | None
) -> tuple[GapNoted, ...]:
    """Return noted gaps, then those found now, each with its bounds in time."""
    by_number = {segment.number: segment for segment in found}
    closed = manifest.closed if manifest is not None else {}
    vouched = (
        {entry.segment for entry in manifest.entries if isinstance(entry, Chunk)} if manifest is not None else set()
    )
    gaps = list(noted)
    for number in sorted(closed.keys() | by_number.keys() | vouched):
        detail = _damage(number, by_number.get(number), closed.get(number))
        gap = GapNoted(*_around(found, number), GapCause.SEGMENT_DAMAGED, detail or "")
        if detail is not None and gap not in gaps:  # a seal that was cut short has noted it before
            gaps.append(gap)
    # An audited gap that never ended already says why the writer did not close the recording.
    is_noted = any(gap.end_ms is None and gap.cause is not GapCause.SEGMENT_DAMAGED for gap in noted)
    is_damage = tail is not None and tail.cause is GapCause.SEGMENT_DAMAGED
    is_known = tail in gaps if is_damage else is_noted or any(tail and gap.cause is tail.cause for gap in gaps)
    if tail is not None and not is_known:
        gaps.append(tail)
    return tuple(gaps)


def _damage(number: int, segment: FoundSegment | None, seal: SegmentClosed | None) -> str | None:
    """Return what is wrong with a segment, or None."""
    if segment is None:
        return f"segment {number} is missing"
    if segment.fault is not None:
        return f"segment {number} cannot be read to its end: {segment.fault}"
    if seal is not None and (seal.stored_sha256, seal.stored_bytes) != (segment.stored_sha256, segment.stored_bytes):
        return f"segment {number} is not what was written: its digest has changed"
    return None


def tail_gap(found: list[FoundSegment], shortfall: str | None, *, is_closed: bool) -> GapNoted | None:
    """Say how the end is missing: truncated later, writer lost, or last unit torn."""
    torn = found[-1].torn_bytes if found else 0
    kept = f"; {torn} bytes of what was being written are kept" if torn else ""
    start_ms, _ = _around(found, found[-1].number + 1 if found else 0)
    if shortfall is not None:
        return GapNoted(start_ms, None, GapCause.SEGMENT_DAMAGED, f"{shortfall}{kept}")
    if not is_closed:
        return GapNoted(start_ms, None, GapCause.GATEWAY_LOST, f"the writer never closed the recording{kept}")
    if torn:
        return GapNoted(start_ms, None, GapCause.TORN_TAIL, f"the stream ends in the middle of a unit{kept}")
    return None


def _around(found: list[FoundSegment], number: int) -> tuple[int, int | None]:
    """Return the last time known before segment `number` and the first after it."""
    before = [segment.last_ms for segment in found if segment.last_ms is not None and segment.number < number]
    behind = [segment.first_ms for segment in found if segment.first_ms is not None and segment.number > number]
    return (before[-1] if before else 0), (behind[0] if behind else None)
