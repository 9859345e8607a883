"""Clips and redacted copies are tied to their original; what was to be covered cannot be read in the copy any more."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from sqlmodel import select

from gateway.core.errors import ConflictError, InvalidInputError
from gateway.core.export import ExportKind
from gateway.core.recording.geometry import Box
from gateway.db.models import Export, Task
from gateway.db.repositories import recordings
from gateway.exports.rules import Region, Rules
from gateway.renditions.keyframes import KeyframeReader, KeyframeWriter
from tests.parts.recordings import place_recording, small_original
from tests.workers.export import requesting
from tests.workers.export.conftest import Site
from workers import stages as pipeline
from workers.desktop.ocr import Span, load_engine, read
from workers.export import describing
from workers.export.verifier import main

SECRET = "Marta Lindqvist"


@pytest.fixture
def fetched(site: Site, tmp_path: Path) -> Callable[[Export], tuple[Path, dict[str, Any]]]:
    """The copy's video and what it says of itself, from a ZIP that its verifier found sound."""

    def fetch(export: Export) -> tuple[Path, dict[str, Any]]:
        path = requesting.fetched(site.context, export, tmp_path / f"{export.id}.zip")
        assert main([str(path), "--key", export.facts["key_fingerprint"]]) == 0
        with zipfile.ZipFile(path) as pack:
            video = Path(pack.extract("copy.mp4", tmp_path / export.id))
            return video, json.loads(pack.read("copy.json"))

    return fetch


def read_again(video: Path, folder: Path) -> str:
    """All text an engine reads in a video's frames."""
    path, spans = folder / "frames.zip", list[Span]()
    with av.open(video) as container, KeyframeWriter(path) as writer:
        end_ms = round((container.duration or 0) / 1000)
        for frame in container.decode(video=0):
            image = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            whole = Box(0, 0, frame.width, frame.height)
            offset_ms = min(round((frame.time or 0) * 1000), end_ms)
            writer.add(image, offset_ms=offset_ms, damage=[whole], start_byte=0, end_byte=1)
        writer.close(end_ms)
    with KeyframeReader(path) as reader:
        read(reader, load_engine("tesserocr"), keep=spans.append)
    return "\n".join(span.text for span in spans)


def test_what_was_covered_is_read_no_more(
    site: Site, fetched: Callable[[Export], tuple[Path, dict[str, Any]]], tmp_path: Path
) -> None:
    region = Region(Box(0, 780, 40, 20))
    rules = Rules(terms=(SECRET,), patterns=(r"pay-db-\S+",), regions=(region,))
    export = requesting.export(site.context, site.recording, kind=ExportKind.REDACTED, rules=rules)
    video, said = fetched(export)

    text = read_again(video, tmp_path)
    assert "vault write database" in text, "the rest can be read"
    assert "Owner:" in text, "so can the rest of the line"
    for covered in ("Marta", "Lindqvist", "pay-db"):
        assert covered not in text

    assert said["original"]["id"] == site.recording.id
    assert said["original"]["digest"] == site.recording.digest
    assert [part["name"] for part in said["original"]["segments"]] == ["segments/000000.guac", "segments/000001.guac"]
    assert {cover["rule"] for cover in said["covered"]} == {"term 1", "pattern 1", "region 1"}
    assert said["reading"]["screen_seconds"] > 0
    assert "tesseract" in str(said["engines"]).lower() or "tesserocr" in str(said["engines"]).lower()
    assert export.facts["covered_count"] == len(said["covered"])


def test_what_tells_of_the_copy_does_not_tell_what_was_covered(
    site: Site, fetched: Callable[[Export], tuple[Path, dict[str, Any]]]
) -> None:
    rules = Rules(terms=(SECRET,))
    wanted = {"kind": ExportKind.REDACTED, "rules": rules, "start_ms": 8000, "end_ms": 9000}
    _video, said = fetched(requesting.export(site.context, site.recording, **wanted))
    assert SECRET not in json.dumps(said)
    assert said["part"] == {"start_ms": 8000, "end_ms": 9000}
    _video, named = fetched(requesting.export(site.context, site.recording, **wanted, name_rules=True))
    assert named["rules"] == [{"rule": "term 1", "text": SECRET}]
    with site.context.database.read() as session:
        events = b"".join(describing.audit_lines(session, site.recording))
    assert SECRET.encode() not in events, "nor does the audit trail"


def test_a_clip_is_tied_to_its_original(site: Site, fetched: Callable[[Export], tuple[Path, dict[str, Any]]]) -> None:
    export = requesting.export(site.context, site.recording, kind=ExportKind.CLIP, start_ms=7000, end_ms=8500)
    video, said = fetched(export)
    with av.open(video) as container:
        assert round((container.duration or 0) / 1000) == pytest.approx(1500, abs=2)
    assert said["part"] == {"start_ms": 7000, "end_ms": 8500}
    assert said["original"]["digest"] == site.recording.digest
    assert "covered" not in said


def test_a_clip_that_reaches_beyond_the_end_ends_with_the_recording(
    site: Site, fetched: Callable[[Export], tuple[Path, dict[str, Any]]]
) -> None:
    duration_ms = site.recording.duration_ms or 0
    export = requesting.export(
        site.context, site.recording, kind=ExportKind.CLIP, start_ms=duration_ms - 500, end_ms=duration_ms + 5000
    )
    assert fetched(export)[1]["part"]["end_ms"] == pytest.approx(duration_ms, abs=2)


def test_what_cannot_be_made_is_refused_before_it_is_requested(site: Site) -> None:
    recording = place_recording(site.context, [small_original(2)])
    with pytest.raises(ConflictError, match="not sealed"):
        requesting.request(site.context, recording, kind=ExportKind.BUNDLE)
    pipeline.run_next(site.context, recording.id)
    with site.context.database.read() as session:
        sealed = recordings.get(session, recording.id)
    with pytest.raises(ConflictError, match="not been rendered"):
        requesting.request(site.context, sealed, kind=ExportKind.CLIP, end_ms=5)
    with pytest.raises(ConflictError, match="not been rendered"):
        requesting.request(site.context, sealed, kind=ExportKind.REDACTED, rules=Rules(terms=("a",)))
    with pytest.raises(InvalidInputError, match="ends at"):
        requesting.request(site.context, site.recording, kind=ExportKind.CLIP, start_ms=10**7, end_ms=10**8)
    with site.context.database.read() as session:
        assert not [task for task in session.exec(select(Task)) if task.recording_id == recording.id]


def test_the_worker_itself_loads_no_decoder_for_a_copy() -> None:
    script = (
        "import sys, workers.desktop.export.copies; print([name for name in ('av', 'ffmpeg') if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]"
