"""A finished recording to tamper with, made once; each test gets it whole."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway.core.evidence import Soundness
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.evidence.faults import Fault, Measure
from gateway.evidence.rows import Rows
from gateway.evidence.verify import Verdict, verify
from gateway.settings import Settings
from tests.parts.database import upgrade
from tests.parts.recordings import place_recording, small_original
from workers import stages as pipeline
from workers.running.work import WorkerContext

Place = tuple[str, Measure, int | None, int | None]


@dataclass
class Evidence:
    """A recording that was sealed, rendered, read and indexed, and another of the same site."""

    context: WorkerContext
    recording: Recording
    other: Recording
    spare: Path
    undo: list[Callable[[], None]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.context.files.folder(self.recording)

    def path(self, name: str) -> Path:
        return self.folder / name

    def data(self, name: str) -> bytes:
        return self.path(name).read_bytes()

    def lines(self) -> list[bytes]:
        return self.data("manifest.jsonl").split(b"\n")[:-1]

    def put_lines(self, lines: list[bytes]) -> None:
        self.path("manifest.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))

    def rows(self) -> Rows:
        with self.context.database.read() as session:
            return Rows.load(session, self.recording.id)

    def verdict(self, *, archive: bool = False) -> Verdict:
        return verify(self.context.files, self.rows(), archive=archive)

    def faults(self) -> tuple[Fault, ...]:
        found = self.verdict()
        assert found.outcome is (Soundness.DAMAGED if found.faults else Soundness.WHOLE)
        return found.faults

    def places(self) -> list[Place]:
        """Where the faults are."""
        return [(fault.file, fault.measure, fault.start, fault.end) for fault in self.faults()]

    def restore(self) -> None:
        """As it was."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.spare, self.folder)


def writes(count: int) -> list[bytes]:
    """The sample cut behind instructions."""
    original = small_original()
    cuts = [original.index(b";", len(original) * number // count) + 1 for number in range(1, count)]
    return [original[start:end] for start, end in zip([0, *cuts], [*cuts, len(original)], strict=True)]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    folder = tmp_path_factory.mktemp("evidence")
    context = WorkerContext.build(settings := Settings(data_dir=folder / "data", ocr_engine="tesserocr"))
    (folder / "data").mkdir()
    upgrade(settings.database)
    made = [place_recording(context, writes(12), segment_bytes=6000) for _ in range(2)]
    for recording in made:
        for _stage in ("seal", "render", "ocr", "text", "index"):
            assert pipeline.run_next(context, recording.id)
    with context.database.read() as session:
        rows = [recordings.get(session, recording.id) for recording in made]
    spare = folder / "spare"
    shutil.copytree(context.files.folder(rows[0]), spare)
    yield Evidence(context, rows[0], rows[1], spare)
    context.database.close()


@pytest.fixture
def evidence(finished: Evidence) -> Iterator[Evidence]:
    yield finished
    finished.restore()
