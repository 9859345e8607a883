"""Whoever has disk and database and no key gets no signature out of the seal stage: each attack is done as he does it."""

import json
import struct
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
from sqlmodel import col, delete, select

from gateway.core.desktop.guac import encode
from gateway.core.evidence import Soundness
from gateway.core.recording.kinds import DESKTOP, KINDS
from gateway.core.recording.layout import DAMAGED_MANIFEST, MANIFEST, segment_name
from gateway.core.recording.manifest import parse_manifest
from gateway.core.recording.states import GapCause, RecordingState
from gateway.core.work import StageName, WorkState
from gateway.db.columns import new_id
from gateway.db.models import AuditEvent, Gap, Recording, Segment, Stage
from gateway.db.repositories import recordings, stages
from gateway.evidence.rows import Rows
from gateway.evidence.verify import Verdict, verify
from gateway.storage.encryption.layout import HEADER_BYTES, OVERHEAD_BYTES
from tests.parts.database import without_triggers
from tests.parts.recordings import STARTED_AT, place_recording
from workers import stages as pipeline
from workers.running.work import WorkerContext

WRITES = [encode("size", 0, 640, 480) + encode("sync", 1000 + 100 * number) for number in range(8)]


def place(context: WorkerContext, *, ended: bool = True) -> Recording:
    """One segment of eight records."""
    return place_recording(context, WRITES, ended=ended, segment_bytes=2**20)


def seal(context: WorkerContext, recording: Recording) -> bool:
    return pipeline.run_next(context, recording.id)


def verdict(context: WorkerContext, recording: Recording) -> Verdict:
    with context.database.read() as session:
        rows = Rows.load(session, recording.id)
    return verify(context.files, rows)


def row_of(context: WorkerContext, recording: Recording) -> Recording:
    with context.database.read() as session:
        return recordings.get(session, recording.id)


def gaps_of(context: WorkerContext, recording: Recording) -> list[Gap]:
    with context.database.read() as session:
        return recordings.gaps(session, recording.id)


def error_of(context: WorkerContext, recording: Recording) -> tuple[WorkState, str | None]:
    with context.database.read() as session:
        stage = stages.of_recording(session, recording.id)[StageName.SEAL]
    return stage.state, stage.error


def chained(lines: list[bytes], **values: object) -> bytes:
    """A line that follows the last one, as anybody can write it."""
    whole = values | {"previous": sha256(lines[-1]).hexdigest()}
    return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()


def cut_short(context: WorkerContext, recording: Recording, records: int = 3) -> None:
    """Cut the manifest behind its first checkpoint and some chunks, end it in order, and cut the segment to fit."""
    folder = context.files.folder(recording)
    path = folder / segment_name(0, "guac")
    stored = path.read_bytes()
    bounds = [HEADER_BYTES]
    while bounds[-1] < len(stored):
        (length,) = struct.unpack_from(">I", stored, bounds[-1])
        bounds.append(bounds[-1] + (length & 0x7FFFFFFF) + OVERHEAD_BYTES)
    end = list(pairwise(bounds))[records - 1][1]
    path.write_bytes(stored[:end])
    lines = (folder / MANIFEST).read_bytes().split(b"\n")[:-1]
    chunks = [number for number, line in enumerate(lines) if b'"entry":"chunk"' in line]
    lines = lines[: chunks[records - 1] + 1]
    size = json.loads(lines[-1])["end"]
    lines.append(
        chained(
            lines,
            entry="segment_closed",
            number=0,
            size_bytes=size,
            stored_bytes=end,
            stored_sha256=sha256(stored[:end]).hexdigest(),
        )
    )
    lines.append(chained(lines, entry="ended", at="2026-03-04T05:06:09+00:00", reason="operator_left"))
    (folder / MANIFEST).write_bytes(b"".join(line + b"\n" for line in lines))


def reopen(context: WorkerContext, recording: Recording) -> None:
    """Rows as of a recording that was never sealed."""
    with context.database.write() as session:
        for model in (Segment, Gap):
            session.exec(delete(model).where(col(model.recording_id) == recording.id))
        row = recordings.get(session, recording.id)
        row.state, row.sealed_at, row.size_bytes, row.digest, row.facts = RecordingState.OPEN, None, None, None, {}
        session.add(row)
        for stage in session.exec(select(Stage).where(Stage.recording_id == recording.id)):
            stage.state, stage.attempt_count = WorkState.PENDING, 0
            session.add(stage)


def test_a_sealed_recording_is_not_sealed_again(context: WorkerContext) -> None:
    recording = place(context)
    assert seal(context, recording)
    assert verdict(context, recording).outcome is Soundness.WHOLE
    reopen(context, recording)
    cut_short(context, recording)
    assert not seal(context, recording)
    state, error = error_of(context, recording)
    assert state is WorkState.FAILED
    assert "it was sealed before" in (error or "")
    found = verdict(context, recording)
    assert found.outcome is Soundness.DAMAGED
    assert "the audit trail says that it was sealed" in found.faults[0].text


def test_a_closed_recording_that_is_cut_before_it_is_sealed_is_damaged(context: WorkerContext) -> None:
    recording = place(context)
    cut_short(context, recording)
    assert seal(context, recording), "evidence is kept with its damage said"
    [gap] = gaps_of(context, recording)
    assert (gap.cause, gap.end_ms) == (GapCause.SEGMENT_DAMAGED, None)
    assert "this is not what was closed with" in gap.detail
    assert verdict(context, recording).outcome is Soundness.DAMAGED


def test_lines_that_the_gateway_did_not_sign_are_not_its_own(context: WorkerContext) -> None:
    """The gateway was killed, so nothing says how long the recording was: but nobody may say that it ended in order."""
    recording = place(context, ended=False)
    cut_short(context, recording)
    found = (context.files.folder(recording) / MANIFEST).read_bytes()
    assert seal(context, recording)
    [gap] = gaps_of(context, recording)
    assert gap.cause is GapCause.GATEWAY_LOST
    manifest = parse_manifest((context.files.folder(recording) / MANIFEST).read_bytes())
    names = [json.loads(line)["entry"] for line in manifest.lines]
    before, behind = names[: names.index("sealing")], names[names.index("sealing") :]
    assert before[-1] == "checkpoint"
    assert "ended" not in names
    assert "found" in behind
    assert "segment_closed" in behind
    assert (context.files.folder(recording) / DAMAGED_MANIFEST).read_bytes() == found
    assert verdict(context, recording).outcome is Soundness.WHOLE, "what is left is whole, with its gap"


def test_an_operator_in_the_row_does_not_get_into_a_manifest_made_anew(context: WorkerContext) -> None:
    recording = place(context, ended=False)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.operator_name, row.target_name = "bob", "elsewhere"
        session.add(row)
    (context.files.folder(recording) / MANIFEST).unlink()
    assert seal(context, recording)
    header = parse_manifest((context.files.folder(recording) / MANIFEST).read_bytes()).header
    assert (header.operator, header.target) == ("olga", "lab")
    found = verdict(context, recording)
    assert [fault.text for fault in found.faults] == [
        "target_name in the row differs from the signed header",
        "operator_name in the row differs from the signed header",
    ]


@pytest.mark.parametrize(
    "change", [{"operator_name": "bob"}, {"target_name": "elsewhere"}, {"started_at": STARTED_AT + timedelta(hours=1)}]
)
def test_a_row_that_says_another_than_the_header_is_reported(context: WorkerContext, change: dict[str, object]) -> None:
    recording = place(context)
    assert seal(context, recording)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        for name, value in change.items():
            setattr(row, name, value)
        session.add(row)
    [fault] = verdict(context, recording).faults
    assert fault.text == f"{next(iter(change))} in the row differs from the signed header"


def test_a_header_made_anew_is_not_believed(context: WorkerContext) -> None:
    """All lines made anew, unsigned: another operator, the same bytes."""
    recording = place(context)
    path = context.files.folder(recording) / MANIFEST
    lines: list[bytes] = []
    for line in path.read_bytes().split(b"\n")[:-1]:
        values = json.loads(line)
        if values["entry"] == "header":
            values["operator"] = "bob"
        if lines:
            values["previous"] = sha256(lines[-1]).hexdigest()
        if values["entry"] != "checkpoint":
            lines.append(json.dumps(values, sort_keys=True, separators=(",", ":")).encode())
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    assert seal(context, recording)
    assert parse_manifest(path.read_bytes()).header.operator == "olga"
    assert verdict(context, recording).outcome is Soundness.DAMAGED


def test_a_kind_in_the_row_hides_no_segment(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing believes the trail: by the kind in the row no segment would be one."""
    monkeypatch.setitem(KINDS, "telex", replace(DESKTOP, name="telex", suffix="telex"))
    recording = place(context)
    with context.database.write() as session:
        recordings.get(session, recording.id).kind = "telex"
    assert seal(context, recording)
    assert gaps_of(context, recording) == []
    assert row_of(context, recording).size_bytes == sum(map(len, WRITES))
    assert "kind in the row differs from the signed header" in str(verdict(context, recording).faults)


def test_a_recording_that_nobody_opened_is_not_sealed(context: WorkerContext) -> None:
    """Planted: another's files under a row of its own."""
    original = place(context)
    planted = Recording.model_validate(original.model_dump() | {"id": new_id(), "folder": f"{original.folder}x"})
    context.files.folder(original).rename(context.files.folder(planted))
    with context.database.write() as session:
        session.add(planted)
        session.flush()
        stages.ensure(session, planted)
    assert not seal(context, planted)
    state, error = error_of(context, planted)
    assert state is WorkState.FAILED
    assert "the audit trail does not know this recording" in (error or "")


def test_an_event_that_was_altered_or_put_in_says_nothing(context: WorkerContext) -> None:
    """Another closing in the trail, which would fit the cut manifest."""
    recording = place(context)
    cut_short(context, recording)
    lines = (context.files.folder(recording) / MANIFEST).read_bytes().split(b"\n")[:-1]
    with context.database.write() as session:
        without_triggers(session)
        query = select(AuditEvent).where(
            AuditEvent.subject_id == recording.id, AuditEvent.tag == "tunnel:recording:closed"
        )
        event = session.exec(query).one()
        event.details = event.details | {"line_count": len(lines), "last_line_sha256": sha256(lines[-1]).hexdigest()}
        session.add(event)
    assert not seal(context, recording)
    state, error = error_of(context, recording)
    assert state is WorkState.FAILED
    assert "was not written by this site" in (error or "")


@pytest.mark.parametrize("state", [RecordingState.OPEN, RecordingState.PURGED])
def test_a_state_in_the_row_hides_no_recording(context: WorkerContext, state: RecordingState) -> None:
    recording = place(context)
    assert seal(context, recording)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.state, row.purged_at = state, row.sealed_at
        session.add(row)
    assert verdict(context, recording).outcome is Soundness.DAMAGED


def test_a_gap_whose_row_was_removed_is_reported(context: WorkerContext) -> None:
    recording = place(context, ended=False)
    assert seal(context, recording)
    assert verdict(context, recording).outcome is Soundness.WHOLE
    with context.database.write() as session:
        session.exec(delete(Gap).where(col(Gap.recording_id) == recording.id))
    assert [fault.file for fault in verdict(context, recording).faults] == ["gaps"]
