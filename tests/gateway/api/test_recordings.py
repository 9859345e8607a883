"""Recordings as the pages and players ask for them, on a recording laid down as the pipeline leaves it."""

import hashlib
import io
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlmodel import select

from gateway.audit import AuditTag
from gateway.core.policy.access import Role
from gateway.core.recording import layout
from gateway.core.recording.geometry import Box
from gateway.core.recording.states import GapCause, RecordingState
from gateway.core.work import StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Gap, Recording, Rendition, Segment, Stage
from gateway.keyring import Keyring
from gateway.renditions.keyframes import KeyframeWriter
from gateway.search import Reading, prepare_spans, write_spans
from gateway.settings import Settings
from gateway.storage.encryption import encrypt_file
from tests.gateway.api.conftest import BOTH_DATABASES, Client

pytestmark = BOTH_DATABASES

VIDEO = bytes(range(256)) * 40
PARTS = (b"4.sync,1.1;", b"4.sync,1.2;")
RED, BLUE = (200, 0, 0), (0, 0, 200)


@pytest.fixture
def recording_id(database: Database, settings: Settings, tmp_path: Path) -> str:
    now = utc_now()
    recording = Recording(
        state=RecordingState.SEALED,
        folder="recordings/2026/03/01/one",
        target_name="db_01",
        operator_name="Olga",
        protocol="vnc",
        started_at=now - timedelta(minutes=1),
        closed_at=now - timedelta(seconds=40),
        searchable_at=now - timedelta(seconds=31),
        duration_ms=20_000,
        width=32,
        height=16,
        size_bytes=sum(map(len, PARTS)),
        digest=hashlib.sha256(b"".join(PARTS)).hexdigest(),
        facts={"render": {"idle": [[5000, 9000]]}},
    )
    folder = settings.data_dir / recording.folder
    (folder / layout.SEGMENT_FOLDER).mkdir(parents=True)
    plain = tmp_path / "keyframes.zip"
    with KeyframeWriter(plain) as writer:
        for offset, colour in ((0, RED), (10_000, BLUE)):
            frame = np.full((16, 32, 3), colour, np.uint8)
            writer.add(frame, offset_ms=offset, damage=[Box(0, 0, 32, 16)], start_byte=0, end_byte=1)
        writer.close(20_000)
    key, key_row = Keyring.open(settings, database).data.new(recording.id)
    for name, content in ((layout.VIDEO, VIDEO), (layout.KEYFRAMES, plain.read_bytes())):
        encrypt_file([content], folder / name, key, name)
    for number, part in enumerate(PARTS):
        encrypt_file([part], folder / layout.segment_name(number, "guac"), key, layout.segment_name(number, "guac"))
    with database.write() as session:
        session.add(recording)
        session.flush()
        session.add(key_row)
        _add_parts(session, recording, plain.stat().st_size)
    return recording.id


def _add_parts(session: Any, recording: Recording, keyframes_bytes: int) -> None:
    for number, part in enumerate(PARTS):
        name = layout.segment_name(number, "guac")
        digest = hashlib.sha256(part).hexdigest()
        session.add(
            Segment(
                recording_id=recording.id,
                number=number,
                name=name,
                size_bytes=len(part),
                sha256=digest,
                stored_bytes=len(part),
                stored_sha256=digest,
            )
        )
    for name, size in ((layout.VIDEO, len(VIDEO)), (layout.KEYFRAMES, keyframes_bytes)):
        session.add(
            Rendition(
                recording_id=recording.id,
                name=name,
                size_bytes=size,
                sha256="0",
                stored_bytes=size,
                stored_sha256="0",
                engine="test",
            )
        )
    for name in StageName:
        state = WorkState.FAILED if name is StageName.TIER else WorkState.DONE
        session.add(Stage(recording_id=recording.id, name=name, state=state, error="the archive does not answer"))
    session.add(Gap(recording_id=recording.id, start_ms=19_000, end_ms=None, cause=GapCause.TORN_TAIL))
    spans = [Reading(f"line {at}", start_ms=at, end_ms=at + 500) for at in range(0, 5000, 500)]
    write_spans(session, prepare_spans(recording, spans))


def events(database: Database, tag: AuditTag) -> list[AuditEvent]:
    with database.read() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.tag == tag.value)).all())


def test_the_list_shows_what_became_of_a_recording(client: Client, recording_id: str) -> None:
    [row] = client(Role.AUDITOR).get("/api/recordings", params={"target": "DB_", "state": "sealed"}).json()["items"]
    assert row["id"] == recording_id
    assert row["has_video"]
    assert row["searchable_seconds"] == pytest.approx(9, abs=0.01)
    assert [stage["name"] for stage in row["stages"]] == ["seal", "render", "ocr", "text", "index", "tier"]


@pytest.mark.parametrize(
    "query", [{"target": "db%01"}, {"operator": "nobody"}, {"state": "archived"}, {"before": "2020-01-01T00:00:00Z"}]
)
def test_filters_narrow_the_list(client: Client, recording_id: str, query: dict[str, str]) -> None:
    assert recording_id
    assert client(Role.AUDITOR).get("/api/recordings", params=query).json()["items"] == []


def test_what_never_showed_anything_can_be_left_out_and_is_still_there(
    client: Client, recording_id: str, database: Database
) -> None:
    with database.write() as session:
        for name, is_shown in (("failed", False), ("shown", True), ("open", None)):
            session.add(Recording(id=name, folder=name, target_name="t", operator_name="o", is_shown=is_shown))
    auditor = client(Role.AUDITOR)

    def listed(**query: str) -> set[str]:
        return {row["id"] for row in auditor.get("/api/recordings", params=query).json()["items"]}

    assert listed() == {recording_id, "failed", "shown", "open"}
    assert listed(connected="true") == {recording_id, "shown", "open"}
    assert listed(connected="false") == {"failed"}


def test_all_parts_of_a_recording_are_shown(client: Client, recording_id: str) -> None:
    whole = client(Role.AUDITOR).get(f"/api/recordings/{recording_id}").json()
    assert [row["number"] for row in whole["segments"]] == [0, 1]
    assert whole["gaps"] == [{"start_ms": 19_000, "end_ms": None, "cause": "torn_tail", "detail": ""}]
    assert {row["name"] for row in whole["renditions"]} == {"video.mp4", "keyframes.zip"}


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=10000-", 10_000, 10_240),
        ("bytes=-40", 10_200, 10_240),
        ("bytes=5-999999", 5, 10_240),
        ("bytes=0-99999999999999999999", 0, 10_240),
        ("bytes=7-" + "9" * 5000, 7, 10_240),
        ("bytes=-99999999999999999999", 0, 10_240),
        ("bytes=000000000000000000000000000005-9", 5, 10),
        ("bytes=10239-10239", 10_239, 10_240),
        ("Bytes = 0-9", 0, 10),
        ("bytes=,0-9,", 0, 10),
    ],
)
def test_the_video_comes_in_ranges(client: Client, recording_id: str, header: str, start: int, end: int) -> None:
    answer = client(Role.AUDITOR).get(f"/api/recordings/{recording_id}/video", headers={"range": header})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(VIDEO)}"
    assert answer.content == VIDEO[start:end]


def test_a_whole_video_and_a_range_outside_it(client: Client, recording_id: str) -> None:
    auditor = client(Role.AUDITOR)
    assert auditor.get(f"/api/recordings/{recording_id}/video").content == VIDEO
    for header in ("bytes=10240-", "bytes=99999-", "bytes=-0", "bytes=99999999999999999999-", "bytes=10240-99999"):
        outside = auditor.get(f"/api/recordings/{recording_id}/video", headers={"range": header})
        assert outside.status_code == 416, header
        assert outside.headers["content-range"] == "bytes */10240"


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,5-9",
        "bytes=9-5",
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "items=0-9",
        "bytes=0-9-",
        "bytes=+1-9",
        "bytes=-1-9",
    ],
)
def test_ranges_that_are_several_or_invalid_get_the_whole_video(client: Client, recording_id: str, header: str) -> None:
    answer = client(Role.AUDITOR).get(f"/api/recordings/{recording_id}/video", headers={"range": header})
    assert (answer.status_code, answer.content) == (200, VIDEO)


def test_head_tells_what_get_would_send_and_ignores_a_range(client: Client, recording_id: str) -> None:
    answer = client(Role.AUDITOR).head(f"/api/recordings/{recording_id}/video", headers={"range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "10240"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "video/mp4"


def test_a_part_of_another_file_is_not_continued(client: Client, recording_id: str) -> None:
    path, auditor = f"/api/recordings/{recording_id}/video", client(Role.AUDITOR)
    etag = auditor.head(path).headers["etag"]
    assert auditor.get(path, headers={"range": "bytes=0-9", "if-range": etag}).status_code == 206
    assert auditor.get(path, headers={"range": "bytes=0-9", "if-range": '"another"'}).status_code == 200


def test_an_altered_file_is_refused_with_what_is_wrong(client: Client, recording_id: str, settings: Settings) -> None:
    folder = settings.data_dir / "recordings/2026/03/01/one"
    for name, route in ((layout.VIDEO, "video"), (layout.KEYFRAMES, "frame")):
        altered = bytearray((folder / name).read_bytes())
        altered[20] ^= 1
        (folder / name).write_bytes(altered)
        answer = client(Role.AUDITOR).get(f"/api/recordings/{recording_id}/{route}")
        assert answer.status_code == 500
        assert answer.json()["detail"].startswith(f"{name} was altered: its header was altered")


def test_nothing_is_shown_without_the_master_key(client: Client, recording_id: str, settings: Settings) -> None:
    shutil.rmtree(settings.keys_folder / "master")
    answer = client(Role.AUDITOR).get(f"/api/recordings/{recording_id}/video")
    assert answer.status_code == 503
    assert "restore it from a backup" in answer.json()["detail"]


def test_one_viewing_is_one_audit_event_a_person(client: Client, recording_id: str, database: Database) -> None:
    auditor, compliance = client(Role.AUDITOR), client(Role.COMPLIANCE)
    for viewer in (auditor, auditor, auditor, compliance):
        viewer.get(f"/api/recordings/{recording_id}/video", headers={"range": "bytes=0-9"})
    assert sorted(event.actor_name for event in events(database, AuditTag.RECORDING_VIEWED)) == [
        "auditor",
        "compliance",
    ]


def test_the_original_is_whole_and_its_download_audited(client: Client, recording_id: str, database: Database) -> None:
    compliance = client(Role.COMPLIANCE)
    original = compliance.get(f"/api/recordings/{recording_id}/original").content
    assert original == b"".join(PARTS)
    assert hashlib.sha256(original).hexdigest() == compliance.get(f"/api/recordings/{recording_id}").json()["digest"]
    [event] = events(database, AuditTag.RECORDING_DOWNLOADED)
    assert event.subject_id == recording_id


@pytest.mark.parametrize(("offset_ms", "colour"), [(0, RED), (9999, RED), (10_000, BLUE), (10**9, BLUE)])
def test_a_frame_is_what_was_on_the_screen_then(
    client: Client, recording_id: str, offset_ms: int, colour: tuple[int, int, int]
) -> None:
    answer = frame(client(Role.AUDITOR), recording_id, offset_ms=offset_ms, width=16)
    image = Image.open(io.BytesIO(answer)).convert("RGB")
    assert image.size == (16, 8)
    assert np.allclose(np.asarray(image)[4, 8], colour, atol=12)


def frame(client: TestClient, recording_id: str, **query: int) -> bytes:
    answer = client.get(f"/api/recordings/{recording_id}/frame", params=query)
    assert answer.headers["content-type"] == "image/jpeg"
    return bytes(answer.content)


def test_the_timeline_has_idle_stretches_gaps_and_activity(client: Client, recording_id: str) -> None:
    timeline = client(Role.AUDITOR).get(f"/api/recordings/{recording_id}/timeline").json()
    assert timeline["idle"] == [{"start_ms": 5000, "end_ms": 9000}]
    assert timeline["keyframes"] == [0, 10_000]
    assert [place for place, share in enumerate(timeline["activity"]) if share] == [0, len(timeline["activity"]) // 2]


def test_the_transcript_comes_in_pages_between_two_times(client: Client, recording_id: str) -> None:
    auditor, texts, cursor = client(Role.AUDITOR), list[str](), "0"
    while cursor:
        query = {"from_ms": "1000", "to_ms": "3000", "limit": "2", "cursor": cursor}
        page = auditor.get(f"/api/recordings/{recording_id}/spans", params=query).json()
        texts += [row["text"] for row in page["items"]]
        cursor = page["next_cursor"] or ""
    assert texts == [f"line {at}" for at in range(500, 3001, 500)]


def test_only_what_failed_is_tried_again(client: Client, recording_id: str, database: Database) -> None:
    auditor = client(Role.AUDITOR)
    assert auditor.post(f"/api/recordings/{recording_id}/stages/render/retry").status_code == 409
    again = auditor.post(f"/api/recordings/{recording_id}/stages/tier/retry").json()
    assert (again["state"], again["error"]) == ("pending", None)
    assert len(events(database, AuditTag.STAGE_RETRIED)) == 1


def test_all_that_failed_is_tried_again_at_once(client: Client, recording_id: str, database: Database) -> None:
    auditor = client(Role.AUDITOR)
    assert auditor.post("/api/recordings/retry", json={"stage": "render"}).json() == {"recording_count": 0}
    assert auditor.post("/api/recordings/retry", json={}).json() == {"recording_count": 1}
    assert auditor.post("/api/recordings/retry", json={}).json() == {"recording_count": 0}
    [event] = events(database, AuditTag.STAGE_RETRIED)
    assert (event.subject_id, event.details["stage"]) == (recording_id, "tier")
    assert client(Role.OPERATOR).post("/api/recordings/retry", json={}).status_code == 403


def test_an_open_recording_has_nothing_to_show_yet(client: Client, database: Database) -> None:
    row = Recording(folder="recordings/none", target_name="t", operator_name="o")
    with database.write() as session:
        session.add(row)
    compliance = client(Role.COMPLIANCE)
    for what in ("video", "original", "frame"):
        answer = compliance.get(f"/api/recordings/{row.id}/{what}")
        assert answer.status_code == 404, what
        assert answer.json()["detail"]
    assert compliance.get(f"/api/recordings/{row.id}/timeline").json()["keyframes"] == []
