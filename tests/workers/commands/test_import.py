"""`reelgate import`: recordings of another installation enter the pipeline; what is not one leaves nothing behind."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import Result

from gateway.audit import AuditTag
from gateway.core.policy.retention import RiskClass
from gateway.core.recording.layout import VIDEO
from gateway.core.recording.states import RecordingSource, RecordingState
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Recording, Span
from gateway.db.repositories import recordings
from gateway.settings import Settings, get_settings
from gateway.storage.files import RecordingFiles
from gateway.storage.local import sha256_of
from tests.parts.program import reelgate
from tests.parts.recordings import DATA, small_original
from tests.parts.redis_server import RedisServer
from workers import stages as pipeline
from workers.running.work import WorkerContext


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    for name, value in {"DATA_DIR": str(folder), "OCR_ENGINE": "tesserocr", "SEGMENT_BYTES": "65536"}.items():
        monkeypatch.setenv(f"REELGATE_{name}", value)
    get_settings.cache_clear()
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "old.guac"
    path.write_bytes(small_original(3))
    return path


def run(*arguments: object) -> Result:
    return reelgate("import", *arguments)


def rows(data_dir: Path) -> list[Recording]:
    database = Database(Settings(data_dir=data_dir).database)
    with database.read() as session:
        found = list(session.exec(select(Recording)))
    database.close()
    return found


def test_with_wait_it_is_searchable_when_the_command_ends(data_dir: Path, source: Path) -> None:
    result = run(source, "--target", "old-vm", "--operator", "Ada", "--started-at", "2024-05-06T07:08:09Z", "--wait")
    assert result.exit_code == 0, result.output
    [row] = rows(data_dir)
    assert result.stdout == f"{row.id} searchable\n"
    assert (row.source, row.state) == (RecordingSource.IMPORTED, RecordingState.ARCHIVED)
    assert (row.target_name, row.operator_name) == ("old-vm", "Ada")
    assert row.started_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert row.folder.startswith("recordings/2024/05/06/")
    assert row.digest == sha256_of([source.read_bytes()])[0]
    settings = Settings(data_dir=data_dir)
    database = Database(settings.database)
    with database.read() as session:
        assert len(recordings.segments(session, row.id)) == -(-source.stat().st_size // 65536)
        assert VIDEO in {rendition.name for rendition in recordings.renditions(session, row.id)}
        assert session.exec(select(Span)).all()
        [event] = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.RECORDING_IMPORTED)).all()
        assert event.subject_id == row.id
    assert b"".join(RecordingFiles(settings, database).original(row)) == source.read_bytes()
    database.close()


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("q-digits", ["5034441", "2026-10-01", "12:00:00"]),
        ("q-stroke", ["lukasz", "walesa", "oyvind", "sorensen"]),
        ("q-thai", ["รหัส", "ผ่าน", "รหัสผ่าน"]),
    ],
)
def test_parts_of_words_are_found_in_any_script(data_dir: Path, name: str, queries: list[str]) -> None:
    assert run(DATA / f"{name}.guac", "--target", "old-vm", "--wait").exit_code == 0
    assert len(rows(data_dir)) == 1
    counts = {query: len(json.loads(reelgate("search", query, "--json").stdout)) for query in queries}
    assert counts == dict.fromkeys(queries, 1)


def test_without_wait_a_job_leaves_for_the_workers(
    data_dir: Path, source: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import redis

    monkeypatch.setenv("REELGATE_REDIS_URL", redis_server.url)
    get_settings.cache_clear()
    with redis.Redis.from_url(redis_server.url) as client:
        client.delete("seal")  # what other tests sent
        result = run(source, "--target", "old-vm")
        assert result.exit_code == 0, result.output
        [row] = rows(data_dir)
        message = json.loads(client.rpop("seal"))
    assert message["headers"]["argsrepr"] == f"['{row.id}']"
    assert result.stdout == f"{row.id}\n"
    assert (row.state, row.operator_name) == (RecordingState.OPEN, "unknown")


def test_the_time_is_counted_back_from_the_files_last_change(data_dir: Path, source: Path) -> None:
    os.utime(source, (1_700_000_000, 1_700_000_000))
    result = run(source, "--target", "t")
    assert result.exit_code == 0
    [row] = rows(data_dir)
    assert row.duration_ms is not None
    assert row.started_at.timestamp() == pytest.approx(1_700_000_000 - row.duration_ms / 1000, abs=0.001)
    assert row.is_start_guessed
    assert "from the file's modification time; give --started-at if that is wrong" in result.stderr


def test_guacds_clock_is_believed_where_it_tells_the_time_of_day(data_dir: Path, tmp_path: Path) -> None:
    source = tmp_path / "clock.guac"
    source.write_bytes(b"4.size,1.0,3.640,3.480;4.sync,13.1600000000000;4.sync,13.1600000005000;")
    assert run(source, "--target", "t").exit_code == 0
    [row] = rows(data_dir)
    assert (row.started_at.timestamp(), row.duration_ms, row.is_start_guessed) == (1_600_000_000, 5000, False)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "the file is empty"),
        (b"this is a letter to my aunt", "not a Guacamole recording"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), "not a Guacamole recording"),
        (b"4.name,3.abc;", "it shows nothing"),
        (b"4.size,1.0,3.640,3.480;garbage", "not a Guacamole recording: expected an element length at byte 23"),
        (b"4.sync,4.1000;", "it shows nothing"),
        (None, "No such file"),
    ],
)
def test_what_is_not_a_recording_gets_one_line_and_leaves_nothing(
    content: bytes | None, text: str, data_dir: Path, tmp_path: Path
) -> None:
    source = tmp_path / "bad.guac"
    if content is not None:
        source.write_bytes(content)
    result = run(source, "--target", "t", "--wait")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert text in result.stderr
    assert result.stderr.count("\n") == 1
    assert not data_dir.exists()


def test_a_file_is_imported_once_unless_reported(data_dir: Path, source: Path) -> None:
    first = run(source, "--target", "t").stdout.strip()
    second = run(source, "--target", "t")
    assert second.exit_code == 2
    assert f"it is already recording {first}" in second.stderr
    assert run(source, "--target", "t", "--again").exit_code == 0
    assert len(rows(data_dir)) == 2


def test_a_time_that_is_none_is_refused(data_dir: Path, source: Path) -> None:
    result = run(source, "--target", "t", "--started-at", "yesterday")
    assert result.exit_code == 2
    assert "is not an ISO 8601 time" in result.stderr
    assert not data_dir.exists()


def test_an_import_that_fails_half_way_leaves_no_files(
    data_dir: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workers.importing import intake

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake, "record", full)
    result = run(source, "--target", "t")
    assert result.exit_code == 2
    assert result.stderr == f"reelgate: the disk of the data folder {data_dir} is full; nothing was imported\n"
    assert rows(data_dir) == []
    assert not [path for path in data_dir.glob("recordings/**/*") if path.is_file()]


def test_a_stage_that_fails_is_said_and_the_status_is_1(
    data_dir: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELGATE_OCR_ENGINE", "crystal-ball")
    get_settings.cache_clear()
    result = run(source, "--target", "t", "--wait")
    assert result.exit_code == 1
    assert "ocr failed" in result.stderr
    assert "crystal-ball" in result.stderr
    [row] = rows(data_dir)
    assert row.id in result.stderr


def test_an_import_ends_as_long_after_its_start_as_it_lasts(data_dir: Path) -> None:
    before = utc_now()
    assert run(DATA / "t-tail-keys.guac", "--target", "t", "--started-at", "2026-09-21T08:00:00Z").exit_code == 0
    [row] = rows(data_dir)
    assert row.closed_at == datetime(2026, 9, 21, 8, 0, 31, 420_000, tzinfo=UTC)
    assert row.duration_ms == 31_420
    assert row.imported_at is not None
    assert row.imported_at >= before
    assert not row.is_start_guessed
    assert row.retain_until_at is not None
    assert row.retain_until_at > row.closed_at


def test_group_and_risk_class_are_those_retention_policies_go_by(data_dir: Path, source: Path) -> None:
    assert run(source, "--target", "t", "--group", " plant ", "--risk-class", "vendor").exit_code == 0
    [row] = rows(data_dir)
    assert (row.target_group, row.risk_class) == ("plant", RiskClass.VENDOR)
    assert run(source, "--target", "t", "--again", "--risk-class", "grave").exit_code == 2


_ZEROS = (DATA / "p-zero-tail.guac").read_bytes()
_KEYS = (DATA / "t-tail-keys.guac").read_bytes()


@pytest.mark.parametrize(
    ("content", "damage", "duration_ms"),
    [
        (_ZEROS, "expected an element length at byte 5317", 5000),
        (_ZEROS[:5317] + bytes(200_000), "expected an element length at byte 5317", 5000),
        (_KEYS + b"4.sync,2.12;5.\xff\xff\xff\xff\xff;", "text is not UTF-8 at byte 5899", 31_420),
        (_KEYS + b"4.sync,13.17600000", None, 31_420),
        ((DATA / "p-sync-empty.guac").read_bytes(), None, 3000),
    ],
    ids=["zeros", "many-zeros", "not-text", "torn", "sync-without-time"],
)
def test_a_damaged_file_is_kept_byte_for_byte_and_readable_up_to_its_damage(
    data_dir: Path, tmp_path: Path, content: bytes, damage: str | None, duration_ms: int
) -> None:
    source = tmp_path / "damaged.guac"
    source.write_bytes(content)
    result = run(source, "--target", "t", "--started-at", "2026-09-21T08:00:00Z")
    assert result.exit_code == 0, result.output
    assert ("damaged:" in result.stderr) == (damage is not None)
    assert (damage or "") in result.stderr
    [row] = rows(data_dir)
    context = WorkerContext.build(Settings(data_dir=data_dir))
    assert pipeline.run_next(context, row.id), "seal"
    assert pipeline.run_next(context, row.id), "render"
    with context.database.read() as session:
        gaps = recordings.gaps(session, row.id)
        rendered = recordings.get(session, row.id)
    assert b"".join(context.files.original(rendered)) == content
    assert (rendered.is_shown, rendered.duration_ms) == (True, duration_ms)
    assert not damage or [gap.detail for gap in gaps if damage in gap.detail]
    context.database.close()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--target", ""), "'--target': it is empty"),
        (("--target", "   "), "'--target': it is empty"),
        (("--target", "x" * 300), "300 characters; at most 200 are allowed"),
        (("--target", "m\udcfcller"), "'--target': it has control characters or is not UTF-8"),
        (("--target", "a\x1b[31mRED\nfake"), "'--target': it has control characters"),
        (("--target", "a\u202eb"), "'--target': it has control characters"),
        (("--target", "t", "--operator", ""), "'--operator': it is empty"),
        (("--target", "t", "--operator", "o\x1b]0;t\x07p"), "'--operator': it has control characters"),
        (("--target", "t", "--started-at", "0001-01-01T00:00:00+14:00"), "is not an ISO 8601 time"),
        (("--target", "t", "--started-at", "9999-12-31T23:59:59-14:00"), "is not an ISO 8601 time"),
        (("--target", "t", "--started-at", "9999-12-31T23:59:59"), "in the future"),
        (("--target", "t", "--started-at", "1969-12-31T23:59:59Z"), "before 1970"),
    ],
)
def test_names_and_times_that_cannot_be_kept_are_refused(
    data_dir: Path, source: Path, options: tuple[str, ...], said: str
) -> None:
    result = run(source, *options)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr
    assert not data_dir.exists()


def test_a_file_name_that_is_not_text_is_kept_with_a_mark(data_dir: Path, source: Path) -> None:
    odd = source.with_name("m\udcfcller\x1b.guac")
    source.rename(odd)
    assert run(odd, "--target", "t").exit_code == 0
    database = Database(Settings(data_dir=data_dir).database)
    with database.read() as session:
        [event] = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.RECORDING_IMPORTED)).all()
    database.close()
    assert event.details["file_name"] == "m\ufffdller\ufffd.guac"
