"""`reelgate import`: recordings of another installation enter the pipeline; what is not one leaves nothing behind."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import Result

from gateway.audit import AuditTag
from gateway.core.recording.layout import VIDEO
from gateway.core.recording.states import RecordingSource, RecordingState
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Recording, Span
from gateway.db.repositories import recordings
from gateway.settings import Settings, get_settings
from gateway.storage.files import RecordingFiles
from gateway.storage.local import sha256_of
from tests.parts.program import reelgate
from tests.parts.recordings import small_original
from tests.parts.redis_server import RedisServer


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
    assert run(source, "--target", "t").exit_code == 0
    [row] = rows(data_dir)
    assert row.duration_ms is not None
    assert row.started_at.timestamp() == pytest.approx(1_700_000_000 - row.duration_ms / 1000, abs=0.001)


def test_guacds_clock_is_believed_where_it_tells_the_time_of_day(data_dir: Path, tmp_path: Path) -> None:
    source = tmp_path / "clock.guac"
    source.write_bytes(b"4.size,1.0,3.640,3.480;4.sync,13.1600000000000;4.sync,13.1600000005000;")
    assert run(source, "--target", "t").exit_code == 0
    [row] = rows(data_dir)
    assert (row.started_at.timestamp(), row.duration_ms) == (1_600_000_000, 5000)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "the file is empty"),
        (b"this is a letter to my aunt", "not a Guacamole recording"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), "not a Guacamole recording"),
        (b"4.name,3.abc;", "it shows nothing"),
        (b"4.size,1.0,1.1,1.1;4.sync,1.x;", "a sync without a time"),
        (b"4.size,1.0,3.640,3.480;4.sync,4.1000;garbage", "not a Guacamole recording"),
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


def test_a_file_is_imported_once_unless_told(data_dir: Path, source: Path) -> None:
    first = run(source, "--target", "t").stdout.strip()
    second = run(source, "--target", "t")
    assert second.exit_code == 2
    assert f"it is recording {first} already" in second.stderr
    assert run(source, "--target", "t", "--again").exit_code == 0
    assert len(rows(data_dir)) == 2


def test_a_time_that_is_none_is_refused(data_dir: Path, source: Path) -> None:
    result = run(source, "--target", "t", "--started-at", "yesterday")
    assert result.exit_code == 2
    assert "not a time such as" in result.stderr
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
    assert "No space left on device" in result.stderr
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
