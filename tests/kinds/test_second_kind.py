"""A kind of recording is one row and its folders: a second one goes the whole way, and nothing else was changed for it."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from gateway.audit import Actor
from gateway.core.evidence import Soundness
from gateway.core.export import ExportKind
from gateway.core.policy.access import Role
from gateway.core.recording.entries import Header
from gateway.core.recording.layout import MANIFEST, TEXT
from gateway.core.recording.manifest import parse_manifest
from gateway.core.recording.states import GapCause, RecordingState, Tier
from gateway.core.work import StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import Recording
from gateway.db.repositories import purges, recordings
from gateway.db.repositories.stages import of_recording
from gateway.exports import files as export_files, requesting
from gateway.exports.export_request import ExportRequest
from gateway.work import stages as pipeline
from tests.kinds.conftest import Site
from tests.kinds.notes.kind import NOTES
from tests.kinds.notes.stream import Note, encode
from tests.parts.recordings import ignore_job
from tests.parts.retention import mark, run_due_task
from workers.purge.due import advance_purges
from workers.tasks.runner import run_task
from workers.tier.expiry import expire_hot_copies
from workers.verify.work import verify_recording

WRITTEN = b"".join(map(encode, (Note(0, "door opened"), Note(1500, "vault key taken"), Note(9000, "door closed"))))


def test_it_is_recorded_and_sealed_in_its_own_format(site: Site, diary: str) -> None:
    row = site.row(diary)
    assert (row.kind, row.state, row.size_bytes) == ("notes", RecordingState.ARCHIVED, len(WRITTEN))
    assert (row.digest, row.duration_ms, row.is_shown) == (hashlib.sha256(WRITTEN).hexdigest(), 9000, True)
    with site.context.database.read() as session:
        assert [segment.name for segment in recordings.segments(session, diary)] == ["segments/000000.jsonl"]
        assert recordings.gaps(session, diary) == []
        assert {name: stage.state for name, stage in of_recording(session, diary).items()} == dict.fromkeys(
            NOTES.stages, WorkState.DONE
        )
        assert [file.name for file in recordings.renditions(session, diary)] == [TEXT]
        assert {copy.name for copy in recordings.archive_objects(session, diary)} == {
            *(MANIFEST, TEXT, "segments/000000.jsonl")
        }
    manifest = parse_manifest((site.context.files.folder(row) / MANIFEST).read_bytes())
    assert isinstance(manifest.header, Header)
    assert manifest.header.kind == "notes"
    assert manifest.sealed is not None


def test_its_torn_tail_is_a_gap_with_its_time(site: Site) -> None:
    recording_id = site.record(Note(7, "whole"), torn=b'{"at_ms": 8')
    site.finish(recording_id)
    with site.context.database.read() as session:
        [gap] = recordings.gaps(session, recording_id)
    assert (gap.start_ms, gap.end_ms, gap.cause) == (7, None, GapCause.TORN_TAIL)
    assert gap.detail == "the stream ends in the middle of a unit; 11 bytes of what was being written are kept"


def test_its_text_is_found(site: Site, diary: str) -> None:
    answer = site.client(Role.AUDITOR).get("/api/search", params={"q": "vault"}).json()
    [hit] = answer["items"]
    assert (hit["recording_id"], hit["offset_ms"], hit["source"]) == (diary, 1500, "keys")
    assert site.row(diary).searchable_at is not None


def test_it_is_played_from_its_original_and_its_text(site: Site, diary: str) -> None:
    auditor = site.client(Role.AUDITOR)
    original = site.client(Role.COMPLIANCE).get(f"/api/recordings/{diary}/original")
    assert (original.status_code, original.content) == (200, WRITTEN)
    assert original.headers["content-type"] == "application/jsonl"
    assert f"{diary}.jsonl" in original.headers["content-disposition"]
    spans = auditor.get(f"/api/recordings/{diary}/spans").json()["items"]
    assert [(span["start_ms"], span["text"]) for span in spans] == [
        *((0, "door opened"), (1500, "vault key taken"), (9000, "door closed"))
    ]
    shown = auditor.get(f"/api/recordings/{diary}").json()
    assert (shown["has_video"], [stage["name"] for stage in shown["stages"]]) == (False, list(NOTES.stages))
    assert auditor.get(f"/api/recordings/{diary}/timeline").json()["duration_ms"] == 9000
    assert auditor.get(f"/api/recordings/{diary}/frame").status_code == 404


def test_it_is_verified(site: Site, diary: str) -> None:
    verdict = verify_recording(site.context, diary, lambda _share: None, archive=True)
    assert (verdict.outcome, verdict.faults) == (Soundness.WHOLE, ())


def test_it_is_read_from_the_archive_when_its_hot_copy_is_gone(site: Site) -> None:
    recording_id = site.record(Note(3, "long ago"))
    site.finish(recording_id)
    with site.context.database.write() as session:
        recordings.get(session, recording_id).hot_until_at = utc_now()
    assert expire_hot_copies(site.context) == 1
    assert site.row(recording_id).tier is Tier.ARCHIVE
    original = site.client(Role.COMPLIANCE).get(f"/api/recordings/{recording_id}/original")
    assert original.content == encode(Note(3, "long ago"))


def test_what_is_altered_in_it_is_told(site: Site) -> None:
    recording_id = site.record(Note(5, "untouched"))
    site.finish(recording_id)
    path = site.context.files.folder(site.row(recording_id)) / "segments/000000.jsonl"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert (
        verify_recording(site.context, recording_id, lambda _share: None, archive=False).outcome is not Soundness.WHOLE
    )


def test_its_bundle_is_proved_by_python_alone(site: Site, diary: str, unpacked: Path) -> None:
    context = site.context
    with context.database.write() as session:
        recording = recordings.get(session, diary)
        actor = Actor("Cora", user_id=recording.operator_id)
        asked = ExportRequest(ExportKind.BUNDLE, query="vault")
        export = requesting.request(session, recording, asked, actor, ignore_job, keep_days=2)
    assert run_task(context, export.task_id)
    with context.database.read() as session:
        session.add(export)
        session.refresh(export)
    packed = unpacked.with_suffix(".zip")
    packed.write_bytes(b"".join(export_files.read(context.settings, context.database, context.keys.data, export)))
    shutil.unpack_archive(packed, unpacked)
    assert (unpacked / "segments/000000.jsonl").read_bytes() == WRITTEN
    assert (unpacked / TEXT).is_file()
    command = [sys.executable, "-I", "-S", str(unpacked / "verify.py"), "--key", export.facts["key_fingerprint"]]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"SOUND: recording {diary} is whole" in said.stdout


@pytest.mark.parametrize("kind", [ExportKind.CLIP, ExportKind.REDACTED])
def test_what_has_no_picture_has_no_copies_of_one(site: Site, diary: str, kind: ExportKind) -> None:
    answer = site.client(Role.COMPLIANCE).post(f"/api/recordings/{diary}/exports", json=_asked(kind))
    assert answer.status_code == 409
    assert answer.json()["detail"] == f"a {kind} cannot be made from notes; export a bundle"


def test_it_is_read_again_from_its_text_stage(site: Site, diary: str) -> None:
    with site.context.database.write() as session:
        pipeline.reread(session, recordings.get(session, diary), ignore_job, engine="tesserocr")
    with site.context.database.read() as session:
        states = {name: stage.state for name, stage in of_recording(session, diary).items()}
        assert states[StageName.SEAL] is WorkState.DONE
        assert {states[name] for name in NOTES.stages[1:]} == {WorkState.PENDING}
        assert recordings.get(session, diary).ocr_engine is None, "no engine reads what has no picture"
    site.finish(diary)
    test_its_text_is_found(site, diary)


def test_it_is_held_and_then_erased(site: Site) -> None:
    recording_id = site.record(Note(5, "to be forgotten"))
    site.finish(recording_id)
    officer = site.client(Role.COMPLIANCE)
    hold = {"recording_ids": [recording_id], "reason": "a dispute", "case_number": "7"}
    [placed] = officer.post("/api/holds", json=hold).json()["items"]
    refused = officer.post("/api/purges", json={"recording_ids": [recording_id], "reason": "no longer needed"})
    assert refused.status_code == 409, refused.text
    assert officer.post(f"/api/holds/{placed['id']}/release", json={"reason": "settled"}).status_code == 200
    row = site.row(recording_id)
    mark(site.context, row, Actor("Cora", user_id=row.operator_id))
    advance_purges(site.context, ignore_job)
    assert run_due_task(site.context, row)
    assert site.row(recording_id).state is RecordingState.PURGED
    assert not site.context.files.folder(row).exists()
    assert officer.get(f"/api/recordings/{recording_id}/original").status_code == 410
    assert site.client(Role.AUDITOR).get("/api/search", params={"q": "forgotten"}).json()["items"] == []
    with site.context.database.read() as session:
        tombstone = purges.tombstone(session, recording_id)
    assert tombstone is not None
    assert {file["name"] for file in tombstone.files} >= {TEXT, "segments/000000.jsonl"}


def test_only_a_kind_of_the_table_can_be_in_the_database(site: Site) -> None:
    with pytest.raises(StatementError, match="unknown kind of recording"), site.context.database.write() as session:
        session.add(Recording(kind="telex", folder="t", target_name="t", operator_name="o"))
        session.flush()


def test_nothing_but_its_folder_knows_it() -> None:
    """The proof of the proof: neither program nor pages contain the name of the kind."""
    root = Path(__file__).parents[2]
    files = [path for folder in ("gateway", "workers") for path in (root / folder).rglob("*.py")]
    assert not [path for path in files if re.search(r"\bNOTES\b|\"notes\"|NotesStream", path.read_text())]


def _asked(kind: ExportKind) -> dict[str, object]:
    wanted: dict[str, object] = {"kind": kind, "start_ms": 0, "end_ms": 1000}
    return wanted | ({"terms": ["vault"]} if kind is ExportKind.REDACTED else {})
