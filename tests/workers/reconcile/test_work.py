"""What does not fit is found, repaired from the good copy alone, and nothing is ever lost over it."""

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import UnavailableError
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.layout import MANIFEST, VIDEO, segment_name
from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import TaskKind
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Discrepancy, Recording, Task
from gateway.db.repositories import discrepancies, recordings, stages
from gateway.settings import get_settings
from gateway.storage.local import FolderStore
from gateway.storage.packing import unpack
from gateway.storage.stores import StoredObject
from tests.parts.program import reelgate
from tests.workers.reconcile.conftest import CONTENT, Make
from workers.reconcile import repair as repairing
from workers.reconcile.quarantine import QUARANTINE
from workers.reconcile.read_back import read_back
from workers.reconcile.work import Report, reconcile
from workers.running.work import WorkerContext

SEGMENT = segment_name(0, "guac")
BOTH_DATABASES = pytest.mark.parametrize("settings", ["sqlite", "postgresql"], indirect=True)
SPOILED = b"x" * len(CONTENT[SEGMENT])


def hot(context: WorkerContext, recording: Recording, name: str = SEGMENT) -> Path:
    return context.files.folder(recording) / name


def cold(context: WorkerContext, recording: Recording, name: str = SEGMENT) -> Path:
    return context.settings.archive_dir / recording.folder / name


def rows(context: WorkerContext) -> list[Discrepancy]:
    with context.database.read() as session:
        return list(session.exec(select(Discrepancy)))


def events(context: WorkerContext) -> list[AuditEvent]:
    with context.database.read() as session:
        tag = AuditTag.DISCREPANCY_REPAIRED.value
        return list(session.exec(select(AuditEvent).where(AuditEvent.tag == tag)))


def quarantined(context: WorkerContext) -> list[Path]:
    folder = context.settings.data_dir / QUARANTINE
    return sorted(path for path in folder.rglob("*") if path.is_file())


def is_whole(context: WorkerContext, recording: Recording) -> bool:
    return all(
        hot(context, recording, name).read_bytes() == data and archived(context, recording, name) == data
        for name, data in CONTENT.items()
    )


def archived(context: WorkerContext, recording: Recording, name: str) -> bytes:
    """The hot file's bytes, as the archive gives them back."""
    with context.database.read() as session:
        row = recordings.archive_object(session, recording.id, name)
    assert row is not None
    pieces = context.files.archive.open_range(row.key)
    return b"".join(unpack(pieces, context.files.key_of(recording), name) if row.encoding else pieces)


def test_what_fits_costs_nothing_and_says_nothing(context: WorkerContext, make: Make) -> None:
    make()
    make(archived=False)
    report = reconcile(context, deep=True)
    assert (report.recording_count, report.found, report.archive_trouble) == (2, {}, None)
    assert rows(context) == []


def spoil(path: Path) -> None:
    path.write_bytes(b"x" * path.stat().st_size)


@pytest.mark.parametrize("name", [SEGMENT, VIDEO, MANIFEST])
@pytest.mark.parametrize(
    ("where", "spoils", "kind"),
    [
        (hot, Path.unlink, DiscrepancyKind.HOT_MISSING),
        (hot, spoil, DiscrepancyKind.HOT_DAMAGED),
        (cold, Path.unlink, DiscrepancyKind.ARCHIVE_MISSING),
        (cold, spoil, DiscrepancyKind.ARCHIVE_DAMAGED),
    ],
)
def test_a_file_is_repaired_from_its_good_copy_and_the_damaged_one_is_kept(
    context: WorkerContext,
    make: Make,
    name: str,
    where: Callable[..., Path],
    spoils: Callable[[Path], None],
    kind: DiscrepancyKind,
) -> None:
    recording = make()
    spoils(where(context, recording, name))
    report = reconcile(context, deep=True)
    assert (report.found, report.repaired_count) == ({kind: 1}, 1)
    assert is_whole(context, recording)
    (row,) = rows(context)
    assert (row.kind, row.name, row.recording_id) == (kind, name, recording.id)
    assert row.repaired_at is not None
    (event,) = events(context)
    assert event.subject_id == recording.id
    assert event.details["good_copy"] == ("archive" if where is hot else "hot")
    kept = quarantined(context)
    assert len(kept) == (kind in {DiscrepancyKind.HOT_DAMAGED, DiscrepancyKind.ARCHIVE_DAMAGED})
    assert all(set(path.read_bytes()) == {ord("x")} and ".damaged-" in path.name for path in kept)
    assert not reconcile(context, deep=True).found


def test_a_wrong_size_is_seen_without_reading(context: WorkerContext, make: Make) -> None:
    recording = make()
    hot(context, recording).write_bytes(b"short")
    assert reconcile(context).found == {DiscrepancyKind.HOT_DAMAGED: 1}
    assert is_whole(context, recording)


@BOTH_DATABASES
def test_a_quick_look_does_not_read_but_stays_with_what_was_damaged(context: WorkerContext, make: Make) -> None:
    recording = make(archived=False)
    spoil(hot(context, recording))
    assert not reconcile(context).found
    assert reconcile(context, deep=True).found == {DiscrepancyKind.HOT_DAMAGED: 1}
    assert reconcile(context).found == {DiscrepancyKind.HOT_DAMAGED: 1}, "looked at again, to its end"
    (row,) = rows(context)
    assert row.detail.endswith("not repaired: it has no copy in the archive")
    assert row.seen_at > row.found_at
    hot(context, recording).write_bytes(CONTENT[SEGMENT])
    assert not reconcile(context).found
    (row,) = rows(context)
    assert row.gone_at is not None
    assert row.repaired_at is None


def test_with_both_copies_damaged_nothing_is_touched(context: WorkerContext, make: Make) -> None:
    recording = make()
    spoil(hot(context, recording))
    spoil(cold(context, recording))
    report = reconcile(context, deep=True)
    assert report.found == {DiscrepancyKind.HOT_DAMAGED: 1, DiscrepancyKind.ARCHIVE_DAMAGED: 1}
    assert report.repaired_count == 0
    assert hot(context, recording).read_bytes() == cold(context, recording).read_bytes() == SPOILED
    assert {row.repaired_at for row in rows(context)} == {None}
    assert events(context) == []


def test_a_repair_leaves_live_sessions_their_room(context: WorkerContext, make: Make) -> None:
    recording = make()
    hot(context, recording).unlink()
    settings = context.settings.model_copy(update={"free_space_floor_bytes": 2**60})
    full = WorkerContext(settings, context.database, context.files, context.owner)
    assert reconcile(full).repaired_count == 0
    (row,) = rows(context)
    assert "0 MiB of hot storage may be used; it waits for free space" in row.detail
    assert reconcile(context).repaired_count == 1


def test_a_repair_that_was_begun_and_failed_is_reported_as_that(
    context: WorkerContext, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = make()
    hot(context, recording).unlink()

    def fails(*_paths: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(repairing, "publish", fails)
        assert reconcile(context).repaired_count == 0
    hot(context, recording).write_bytes(CONTENT[SEGMENT])  # by hand
    assert reconcile(context).found == {}
    with context.database.read() as session:
        tags = list(session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == recording.id)))
    assert tags == ["worker:discrepancy:repair_begun", "worker:discrepancy:repair_failed"]


def test_without_leave_to_repair_it_reports(context: WorkerContext, make: Make) -> None:
    recording = make()
    hot(context, recording).unlink()
    report = reconcile(context, may_repair=False)
    assert (report.found, report.repaired_count) == ({DiscrepancyKind.HOT_MISSING: 1}, 0)
    assert not hot(context, recording).exists()


def test_archived_copies_are_read_back_in_turn(context: WorkerContext, make: Make) -> None:
    recording, _other = make(), make()
    spoil(cold(context, recording, VIDEO))
    assert reconcile(context).found == {}, "its size is right"
    context = replace(context, settings=context.settings.model_copy(update={"archive_read_back_days": 2.0}))
    nights = [read_back(context) for _ in range(2)]
    assert [night.read_count for night in nights] == [len(CONTENT)] * 2, "all copies in two nights"
    assert sum(night.bad_count for night in nights) == 1
    [row] = rows(context)
    assert (row.recording_id, row.kind, row.name) == (recording.id, DiscrepancyKind.ARCHIVE_DAMAGED, VIDEO)
    assert reconcile(context).repaired_count == 1, "what was found is read until it is repaired"
    assert read_back(context).bad_count == 0


def test_an_archive_that_is_away_ends_the_reading(context: WorkerContext, make: Make) -> None:
    make()

    class Away(FolderStore):
        def stat(self, key: str, version_id: str | None = None) -> StoredObject | None:
            raise UnavailableError(f"no answer for {key}, {version_id}")

    context.files.archive = Away(context.settings.archive_dir)
    result = read_back(context)
    assert result.read_count == 0
    assert "no answer" in result.trouble


@BOTH_DATABASES
def test_unknown_folders_leftovers_and_remains_are_reported_and_left(context: WorkerContext, make: Make) -> None:
    unknown, leftover, purged = make(), make(), make()
    shutil.copytree(hot(context, unknown, ""), hot(context, unknown, "").with_name("nobody-knows-me"))
    with context.database.write() as session:
        recordings.get(session, leftover.id).tier = Tier.ARCHIVE
        row = recordings.get(session, purged.id)
        row.state, row.purged_at = RecordingState.PURGED, utc_now()
        record(session, AuditTag.RECORDING_PURGED, Actor("worker"), subject_id=purged.id)
    hot(context, purged, VIDEO).unlink()
    found = reconcile(context, deep=True).found
    assert found == {
        DiscrepancyKind.FOLDER_UNKNOWN: 1,
        DiscrepancyKind.HOT_LEFTOVER: 1,
        DiscrepancyKind.PURGED_REMAINS: 1 + len(CONTENT),
    }
    assert hot(context, unknown, "").with_name("nobody-knows-me").is_dir()
    assert hot(context, leftover).is_file()
    shutil.rmtree(hot(context, purged, ""))
    shutil.rmtree(cold(context, purged, ""))
    shutil.rmtree(hot(context, unknown, "").with_name("nobody-knows-me"))
    assert reconcile(context).found == {DiscrepancyKind.HOT_LEFTOVER: 1}
    assert sum(row.gone_at is None for row in rows(context)) == 1


def test_a_recording_that_is_being_worked_on_is_left_alone(context: WorkerContext, make: Make) -> None:
    recording = make()
    hot(context, recording).unlink()
    with context.database.write() as session:
        stages.ensure(session, recording)
    report = reconcile(context)
    assert (report.moving_count, report.found) == (1, {})


def test_rows_that_change_before_the_repair_stop_it(
    context: WorkerContext, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = make()
    hot(context, recording).unlink()
    write = repairing._write

    def meanwhile(path: Path, pieces: Iterator[bytes]) -> None:
        write(path, pieces)
        with context.database.write() as session:
            recordings.get(session, recording.id).tier = Tier.ARCHIVE

    monkeypatch.setattr(repairing, "_write", meanwhile)
    assert reconcile(context).repaired_count == 0
    assert not hot(context, recording).exists()
    assert list(hot(context, recording, "segments").iterdir()) == [hot(context, recording, segment_name(1, "guac"))]


def test_an_archive_that_is_down_is_said_and_hides_nothing(
    context: WorkerContext, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, other = make(), make(archived=False)
    cold(context, recording).unlink()
    assert reconcile(context, may_repair=False).found == {DiscrepancyKind.ARCHIVE_MISSING: 1}

    def down(*_arguments: object) -> None:
        raise UnavailableError("the archive does not answer")

    monkeypatch.setattr(type(context.files.archive), "stat", down)
    hot(context, other).unlink()
    report = reconcile(context)
    assert report.archive_trouble == "the archive does not answer"
    assert report.found == {DiscrepancyKind.HOT_MISSING: 1}
    assert {row.kind for row in rows(context) if row.gone_at is None} == {
        DiscrepancyKind.HOT_MISSING,
        DiscrepancyKind.ARCHIVE_MISSING,
    }, "what could not be looked at is not said to be gone"


@pytest.fixture
def _environment(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(context.settings.data_dir))
    if context.settings.database_url:
        monkeypatch.setenv("REELGATE_DATABASE_URL", context.settings.database_url.get_secret_value())
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@BOTH_DATABASES
@pytest.mark.usefixtures("_environment")
def test_the_command_repairs_and_its_status_says_what_is_left(context: WorkerContext, make: Make) -> None:
    recording = make()
    hot(context, recording).unlink()
    left = reelgate("reconcile", "--no-repair")
    assert left.exit_code == 1
    assert left.stdout.splitlines() == [
        "1 recordings compared, 1 discrepancies found, 0 repaired",
        "0 recordings are in the audit trail, and were looked for",
        "sizes compared; no byte was read, on disk or in the archive (--deep reads them)",
        "open: 1 hot missing",
    ]
    done = reelgate("reconcile", "--deep", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["repaired_count"] == 1
    assert is_whole(context, recording)
    with context.database.read() as session:
        assert len(session.exec(select(Task).where(Task.kind == TaskKind.RECONCILE)).all()) == 2
        tags = session.exec(select(AuditEvent.tag)).all()
        assert tags.count(AuditTag.RECONCILE_REQUESTED_BY_COMMAND.value) == 2
        assert not any(discrepancies.open_counts(session).values())


def test_the_report_is_plain_values() -> None:
    assert json.loads(json.dumps(Report(False).to_json()))["found"]["hot_missing"] == 0
