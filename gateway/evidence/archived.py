"""Compare an archived copy with its row: read it once and report which bytes differ.

An archive may return something different at each reading, so everything reported is about the same reading.
"""

from collections.abc import Iterable

from gateway.core.recording.layout import is_encrypted
from gateway.db.models import ArchiveObject
from gateway.evidence.faults import Fault, of_stored
from gateway.evidence.records import Records, Unreadable
from gateway.keys.data_key import DataKey
from gateway.storage.packing import ZSTD, packed_name


def check_archived(
    stored: ArchiveObject, pieces: Iterable[bytes], key: DataKey | None, original: bytes | None
) -> list[Fault]:
    """Check an archived copy: `pieces` as the archive returns them, `original` as they must be, if available."""
    name = packed_name(stored.name) if stored.encoding == ZSTD else stored.name
    key = key if is_encrypted(stored.name) else None
    records = Records(pieces, key, name)
    wrong: list[Unreadable] = []
    content = bytearray()
    for part in records:
        if isinstance(part, Unreadable):
            wrong.append(part)
        elif original is not None:
            content += part
    if (records.stored_sha256, records.stored_bytes) == (stored.sha256, stored.size_bytes):
        return []
    # A segment whose writer was killed ends within a record, and was archived like that.
    wrong = [part for part in wrong if not part.is_torn]
    if wrong:
        places = [(part.start, part.end, part.text) for part in wrong]
    elif original is not None:
        places = [_difference(bytes(content), original)]
    elif key is not None and not records.is_finished:
        places = [_missing(records.stored_bytes, stored.size_bytes)]
    else:
        places = [(0, records.stored_bytes, "its digest differs")]
    label = f"archive:{stored.name}"
    return [of_stored(label, start, end, f"not what was archived: {text}") for start, end, text in places]


def _missing(start: int, end: int) -> tuple[int, int, str]:
    return start, end, f"{end - start} bytes at its end are missing"


def _difference(found: bytes, wanted: bytes) -> tuple[int, int, str]:
    """Return the range from the first differing byte to after the last one."""
    start = _same(found, wanted)
    if start == len(found):
        return _missing(start, len(wanted))
    left = min(len(found), len(wanted)) - start
    end = len(found) - _same(found[len(found) - left :][::-1], wanted[len(wanted) - left :][::-1])
    return start, end, "these bytes differ"


def _same(one: bytes, other: bytes) -> int:
    """Count the equal bytes at the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
