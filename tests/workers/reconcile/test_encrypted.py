"""A recording as it really is, encrypted and with its original compressed in the archive, is repaired to the byte."""

from pathlib import Path

import pytest

from gateway.core.evidence import Soundness
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.layout import MANIFEST, VIDEO, segment_name
from gateway.core.recording.states import RecordingState
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.evidence.rows import Rows
from gateway.evidence.verify import verify
from tests.parts.recordings import halves, place_sealed, small_original
from workers.reconcile.work import reconcile
from workers.running.work import WorkerContext
from workers.stages import run_next

FILES = [segment_name(0, "guac"), segment_name(1, "guac"), VIDEO, MANIFEST]


@pytest.fixture
def recording(context: WorkerContext) -> Recording:
    placed = place_sealed(context, halves(small_original()))
    assert run_next(context, placed.id), "tier"
    with context.database.read() as session:
        archived = recordings.get(session, placed.id)
        encodings = {row.name: row.encoding for row in recordings.archive_objects(session, placed.id)}
    assert archived.state is RecordingState.ARCHIVED
    assert encodings[segment_name(0, "guac")] == "zstd", "it is kept in another form there"
    return archived


def hot(context: WorkerContext, recording: Recording, name: str) -> Path:
    return context.files.folder(recording) / name


def cold(context: WorkerContext, recording: Recording, name: str) -> Path:
    with context.database.read() as session:
        stored = recordings.archive_object(session, recording.id, name)
    assert stored is not None
    return context.settings.archive_dir / stored.key


def flip(path: Path) -> None:
    """Another byte in the middle; the size stays."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def soundness(context: WorkerContext, recording: Recording) -> Soundness:
    with context.database.read() as session:
        rows = Rows.load(session, recording.id)
    return verify(context.files, rows, archive=True).outcome


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("is_missing", [False, True], ids=["damaged", "missing"])
def test_a_hot_file_comes_back_from_the_archive(
    context: WorkerContext, recording: Recording, name: str, is_missing: bool
) -> None:
    path = hot(context, recording, name)
    before = path.read_bytes()
    path.unlink() if is_missing else flip(path)
    report = reconcile(context, deep=True)
    kind = DiscrepancyKind.HOT_MISSING if is_missing else DiscrepancyKind.HOT_DAMAGED
    assert (dict(report.found), report.repaired_count) == ({kind: 1}, 1)
    assert path.read_bytes() == before
    assert soundness(context, recording) is Soundness.WHOLE


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("is_missing", [False, True], ids=["damaged", "missing"])
def test_an_archived_file_comes_back_from_hot_storage(
    context: WorkerContext, recording: Recording, name: str, is_missing: bool
) -> None:
    path = cold(context, recording, name)
    path.unlink() if is_missing else flip(path)
    report = reconcile(context, deep=True)
    kind = DiscrepancyKind.ARCHIVE_MISSING if is_missing else DiscrepancyKind.ARCHIVE_DAMAGED
    assert (dict(report.found), report.repaired_count) == ({kind: 1}, 1)
    assert soundness(context, recording) is Soundness.WHOLE
    assert not reconcile(context, deep=True).found


def test_without_a_good_copy_nothing_is_touched(context: WorkerContext, recording: Recording) -> None:
    name = segment_name(0, "guac")
    paths = hot(context, recording, name), cold(context, recording, name)
    for path in paths:
        flip(path)
    before = [path.read_bytes() for path in paths]
    assert reconcile(context, deep=True).repaired_count == 0
    assert [path.read_bytes() for path in paths] == before
    assert soundness(context, recording) is Soundness.DAMAGED
