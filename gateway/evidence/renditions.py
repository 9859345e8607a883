"""Check renditions: their bytes, and that they name their origin."""

import hashlib

from gateway.db.models import Recording, Rendition
from gateway.evidence.faults import Fault, of_content, of_row, of_stored
from gateway.evidence.records import Records, Unreadable


def check_rendition(rendition: Rendition, records: Records, *, is_stored: bool = True) -> list[Fault]:
    """Check a file against its row. `is_stored`: the records are of the file the row describes, not of a copy."""
    unreadable: list[Unreadable] = []
    digest, size_bytes = hashlib.sha256(), 0
    for part in records:
        if isinstance(part, Unreadable):
            unreadable.append(part)
        else:
            digest.update(part)
            size_bytes += len(part)
    wanted = rendition.stored_bytes
    if is_stored and records.stored_bytes < wanted and all(part.is_torn for part in unreadable):
        text = f"the file was truncated: {wanted - records.stored_bytes} bytes at its end are missing"
        return [of_stored(rendition.name, records.stored_bytes, wanted, text)]
    if unreadable:
        return [of_stored(rendition.name, part.start, part.end, part.text) for part in unreadable]
    if is_stored and records.stored_sha256 != rendition.stored_sha256:
        text = "it is not the file that was published: its digest differs"
        return [of_stored(rendition.name, 0, records.stored_bytes, text)]
    if (size_bytes, digest.hexdigest()) != (rendition.size_bytes, rendition.sha256):
        return [of_content(rendition.name, 0, size_bytes, "it is not the content that was published")]
    return []


def check_origin(rendition: Rendition, recording: Recording) -> list[Fault]:
    """Check that it names the run and engine that made it, and bytes of the original that exist."""
    faults: list[Fault] = []
    if not (rendition.run_id and rendition.engine):
        faults.append(of_row("renditions", f"{rendition.name} does not name the stage run and engine that made it"))
    end, size_bytes = rendition.end_byte, recording.size_bytes or 0
    if end is not None and not 0 <= rendition.start_byte <= end <= size_bytes:
        span = f"{rendition.start_byte} to {end}"
        faults.append(of_row("renditions", f"{rendition.name} claims to be made from bytes {span} of {size_bytes}"))
    return faults
