"""The bundle: everything about a recording, with its proofs and the program that checks them.

The finished bundle is checked with its own verifier, and the result is in the export's facts. A damaged recording is
exported with its faults reported, never as if it had none.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gateway.audit import checkpoints
from gateway.core.errors import DamagedError, NotFoundError
from gateway.core.recording.kinds import kind_of
from gateway.core.recording.layout import DAMAGED_MANIFEST, KEYFRAMES, MANIFEST
from gateway.db.repositories import recordings
from gateway.renditions.keyframes import KeyframeReader
from workers.export import describing, hits
from workers.export.export_job import ExportJob, ExportResult
from workers.export.pack import Pack
from workers.export.readme import README
from workers.export.verifier import Bundle, CannotCheckError, Check

# Share of the progress for copying; the rest is for the verifier.
_COPIED: Final = 0.7
# Faults shown to a person; the verifier reports all.
_SHOWN_FAULTS: Final = 20


def make(job: ExportJob) -> ExportResult:
    """Write the bundle. Raises UnavailableError while a part of it cannot be reached."""
    path = job.scratch / "export.zip"
    with Pack(path, job.made_at) as pack:
        counts = _fill(job, pack)
        fingerprint = job.sign(pack)
    faults = check(path, job.progress)
    return ExportResult(
        path,
        {**counts, "key_fingerprint": fingerprint, "file_count": len(pack.files), "faults": faults[:_SHOWN_FAULTS]},
    )


def check(path: Path, progress: Callable[[float], None]) -> list[str]:
    """Return the faults found by the bundle's own verifier."""
    looking = Check(Bundle(path), lambda _line: progress(_COPIED))
    try:
        looking.run(None)
    except CannotCheckError as error:
        return [*looking.faults, str(error)]
    return looking.faults


def _fill(job: ExportJob, pack: Pack) -> dict[str, Any]:
    files, recording = job.context.files, job.recording
    with job.context.database.read() as session:
        facts = describing.described(session, recording)
        segments = [segment.name for segment in recordings.segments(session, recording.id)]
        renditions = {row.name: row for row in recordings.renditions(session, recording.id)}
        found = hits.find(session, job.request.query, recording.id) if job.request.query else None
        events = list(describing.audit_lines(session, recording))
        head = checkpoints.to_keep(session)
    pack.add_text("README.txt", README)
    missing = []
    names = [MANIFEST, *segments, *(name for name in kind_of(recording.kind).renditions if name in renditions)]
    for number, name in enumerate([*names, DAMAGED_MANIFEST]):
        try:
            digest = pack.add(name, files.open(recording, name))
            if name in renditions and renditions[name].sha256 != digest:
                missing.append(f"{name} is not what was made")
        except (NotFoundError, DamagedError) as error:
            if name != DAMAGED_MANIFEST:
                missing.append(f"{name}: {error}")
        job.progress(_COPIED * number / len(names))
    if found is not None:
        _add_hits(job, pack, found, has_keyframes=KEYFRAMES in renditions)
    pack.add("audit.jsonl", events)
    if head is not None:
        pack.add_text("audit-head.json", head.to_json() + "\n")
    pack.add_json("recording.json", {**facts, "damage_found_at_export": missing})
    return {
        "segment_count": len(segments),
        "hit_count": len(found.hits) if found is not None else None,
        "audit_event_count": len(events),
        "damage": missing,
    }


def _add_hits(job: ExportJob, pack: Pack, found: hits.FoundHits, *, has_keyframes: bool) -> None:
    query = job.request.query
    if not has_keyframes:
        pack.add_json("hits.json", hits.listed(query, found, None))
        return
    with (
        job.context.files.seekable(job.recording, KEYFRAMES) as file,
        KeyframeReader(file) as reader,
    ):
        pack.add_json("hits.json", hits.listed(query, found, reader))
        for name, data in hits.pictures(found.hits, reader):
            pack.add(name, [data])
