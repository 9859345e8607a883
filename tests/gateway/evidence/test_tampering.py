"""The tamper suite: each kind of file altered, cut, extended, swapped, replaced, deleted; each is told exactly."""

import json
import struct
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import col, select

from gateway.audit import AuditTag
from gateway.core.evidence import Soundness
from gateway.core.recording.chain import Chain
from gateway.core.recording.entries import Writer
from gateway.core.recording.layout import KEYFRAMES, MANIFEST, SPANS, VIDEO, segment_name
from gateway.core.recording.manifest import parse_manifest
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Rendition, Segment, Span
from gateway.db.repositories import recordings
from gateway.evidence.faults import Measure
from gateway.storage.encryption import PIECE_BYTES
from gateway.storage.encryption.layout import HEADER_BYTES, OVERHEAD_BYTES
from tests.gateway.evidence.conftest import Evidence
from tests.parts.database import without_triggers

RENDITIONS = [VIDEO, KEYFRAMES, SPANS]
FIRST, SECOND = segment_name(0, "guac"), segment_name(1, "guac")


def records(data: bytes | bytearray) -> list[tuple[int, int]]:
    """Where the records of an encrypted file are."""
    bounds = [HEADER_BYTES]
    while bounds[-1] < len(data):
        (length,) = struct.unpack_from(">I", data, bounds[-1])
        bounds.append(bounds[-1] + (length & 0x7FFFFFFF) + OVERHEAD_BYTES)
    return list(pairwise(bounds))


def test_a_whole_recording_is_whole(evidence: Evidence) -> None:
    verdict = evidence.verdict()
    assert (verdict.outcome, verdict.faults) == (Soundness.WHOLE, ())
    assert verdict.facts["signed_through_line"] == len(evidence.lines())
    assert (verdict.facts["renditions"], verdict.facts["gaps"]) == (3, [])
    assert verdict.facts["segments"] >= 2
    assert len(records(evidence.data(FIRST))) >= 3, "the sample must have records to tamper with"


# Segments


def test_each_altered_record_of_a_segment_is_reported_with_its_bytes_and_content(evidence: Evidence) -> None:
    data = evidence.data(FIRST)
    content = 0
    for start, end in records(data)[:-1]:
        altered = bytearray(data)
        altered[start + 4] ^= 1
        evidence.path(FIRST).write_bytes(altered)
        [fault] = evidence.faults()
        assert (fault.file, fault.measure, fault.start, fault.end) == (FIRST, Measure.STORED, start, end)
        size = end - start - OVERHEAD_BYTES
        assert f"bytes {content} to {content + size} of its content" in fault.text
        content += size


@pytest.mark.parametrize("at", [0, 8, 12, 20, 50, 63])
def test_an_altered_header_is_reported(evidence: Evidence, at: int) -> None:
    data = bytearray(evidence.data(FIRST))
    data[at] ^= 1
    evidence.path(FIRST).write_bytes(data)
    assert evidence.places() == [(FIRST, Measure.STORED, 0, HEADER_BYTES)]


def test_an_altered_record_length_is_told_from_there_on(evidence: Evidence) -> None:
    data = bytearray(evidence.data(FIRST))
    start, _ = records(data)[1]
    data[start + 3] ^= 1
    evidence.path(FIRST).write_bytes(data)
    assert evidence.places() == [(FIRST, Measure.STORED, start, len(data))]


def test_the_last_record_is_reported_though_it_holds_nothing(evidence: Evidence) -> None:
    data = bytearray(evidence.data(FIRST))
    data[-1] ^= 1
    evidence.path(FIRST).write_bytes(data)
    start, end = records(data)[-1]
    assert evidence.places() == [(FIRST, Measure.STORED, start, end)]


def test_a_segment_that_was_cut_is_reported_by_what_is_missing(evidence: Evidence) -> None:
    data = evidence.data(FIRST)
    for start, end in records(data):
        for cut in {start, start + 2, end - 1}:
            evidence.path(FIRST).write_bytes(data[:cut])
            assert evidence.places() == [(FIRST, Measure.STORED, cut, len(data))], cut


def test_a_segment_that_was_extended_is_reported(evidence: Evidence) -> None:
    data = evidence.data(FIRST)
    evidence.path(FIRST).write_bytes(data + b"more")
    assert evidence.places() == [(FIRST, Measure.STORED, len(data), len(data) + 4)]


def test_records_that_changed_places_are_reported(evidence: Evidence) -> None:
    data = evidence.data(FIRST)
    (a, b), (_, c) = records(data)[:2]
    evidence.path(FIRST).write_bytes(data[:a] + data[b:c] + data[a:b] + data[c:])
    assert evidence.places() == [(FIRST, Measure.STORED, a, c)]


def test_a_dropped_record_is_told_from_there_on(evidence: Evidence) -> None:
    data = evidence.data(FIRST)
    a, b = records(data)[1]
    evidence.path(FIRST).write_bytes(data[:a] + data[b:])
    assert evidence.places() == [(FIRST, Measure.STORED, a, len(data) - (b - a))]


def test_segments_that_changed_places_are_reported(evidence: Evidence) -> None:
    first, second = evidence.data(FIRST), evidence.data(SECOND)
    evidence.path(FIRST).write_bytes(second)
    evidence.path(SECOND).write_bytes(first)
    assert evidence.places() == [(name, Measure.STORED, 0, HEADER_BYTES) for name in (FIRST, SECOND)]


def test_another_recordings_segment_is_reported(evidence: Evidence) -> None:
    evidence.path(FIRST).write_bytes((evidence.context.files.folder(evidence.other) / FIRST).read_bytes())
    assert evidence.places() == [(FIRST, Measure.STORED, 0, HEADER_BYTES)]


def test_a_segment_in_clear_is_reported(evidence: Evidence) -> None:
    evidence.path(FIRST).write_bytes(b"".join(evidence.context.files.open(evidence.recording, FIRST)))
    assert evidence.places() == [(FIRST, Measure.STORED, 0, HEADER_BYTES)]


@pytest.mark.parametrize("name", [FIRST, SECOND, MANIFEST, *RENDITIONS])
def test_a_deleted_file_is_reported(evidence: Evidence, name: str) -> None:
    evidence.path(name).unlink()
    assert evidence.places() == [(name, Measure.FILE, None, None)]


def test_a_file_that_was_put_in_is_reported(evidence: Evidence) -> None:
    evidence.path(segment_name(99, "guac")).write_bytes(b"x")
    assert evidence.places() == [(segment_name(99, "guac"), Measure.FILE, None, None)]


# Renditions


@pytest.mark.parametrize("name", RENDITIONS)
def test_an_altered_rendition_is_reported_with_its_record(evidence: Evidence, name: str) -> None:
    data = evidence.data(name)
    for number, start in enumerate(range(HEADER_BYTES, len(data), PIECE_BYTES + OVERHEAD_BYTES)):
        altered = bytearray(data)
        altered[start + 10] ^= 1
        evidence.path(name).write_bytes(altered)
        end = min(start + PIECE_BYTES + OVERHEAD_BYTES, len(data))
        assert evidence.places() == [(name, Measure.STORED, start, end)], number


@pytest.mark.parametrize("name", RENDITIONS)
def test_a_cut_or_extended_rendition_is_reported(evidence: Evidence, name: str) -> None:
    data = evidence.data(name)
    evidence.path(name).write_bytes(data[:-3])
    assert evidence.places() == [(name, Measure.STORED, len(data) - 3, len(data))]
    evidence.path(name).write_bytes(data + b"more")
    assert evidence.places() == [(name, Measure.STORED, len(data), len(data) + 4)]


def test_renditions_that_changed_places_or_belong_to_another_recording_are_reported(evidence: Evidence) -> None:
    video, spans = evidence.data(VIDEO), evidence.data(SPANS)
    evidence.path(SPANS).write_bytes(video)
    [place] = evidence.places()
    assert place == (SPANS, Measure.STORED, 0, HEADER_BYTES)
    evidence.path(SPANS).write_bytes(spans)
    evidence.path(VIDEO).write_bytes((evidence.context.files.folder(evidence.other) / VIDEO).read_bytes())
    [place] = evidence.places()
    assert place == (VIDEO, Measure.STORED, 0, HEADER_BYTES)


def test_an_older_rendition_of_the_same_name_is_reported(evidence: Evidence) -> None:
    """It has a valid key: only the row knows that it is not the one that was published."""
    data = evidence.data(VIDEO)
    with changed(evidence, Rendition, Rendition.name == VIDEO, stored_sha256="00" * 32):
        assert evidence.places() == [(VIDEO, Measure.STORED, 0, len(data))]


# The manifest (its lines, one by one: tests/gateway/core/recording/test_chain.py)


def test_each_line_of_the_manifest_that_is_altered_is_reported_and_nothing_else(evidence: Evidence) -> None:
    lines = evidence.lines()
    for number, line in enumerate(lines, 1):
        for at in {1, len(line) // 2, len(line) - 2}:
            altered = line[:at] + bytes((line[at] ^ 1,)) + line[at + 1 :]
            evidence.put_lines([*lines[: number - 1], altered, *lines[number:]])
            assert evidence.places() == [(MANIFEST, Measure.LINE, number, number + 1)], altered


def test_a_manifest_cut_at_each_checkpoint_is_reported(evidence: Evidence) -> None:
    lines = evidence.lines()
    checkpoints = [number for number, line in enumerate(lines, 1) if b'"entry":"checkpoint"' in line]
    assert len(checkpoints) >= 3
    for number in checkpoints[:-1]:
        evidence.put_lines(lines[:number])
        assert (MANIFEST, Measure.LINE, number + 1, number + 2) in evidence.places()


def test_a_manifest_without_its_last_checkpoint_is_reported(evidence: Evidence) -> None:
    lines = evidence.lines()
    evidence.put_lines(lines[:-1])
    [fault] = evidence.faults()
    assert (fault.file, fault.start) == (MANIFEST, len(lines) - 1)
    assert "not signed" in fault.text


def test_another_recordings_manifest_is_reported(evidence: Evidence) -> None:
    other = evidence.context.files.folder(evidence.other) / MANIFEST
    evidence.path(MANIFEST).write_bytes(other.read_bytes())
    assert evidence.places()[0] == (MANIFEST, Measure.LINE, 1, 2)


def test_an_altered_seal_in_the_audit_trail_is_reported(evidence: Evidence) -> None:
    """It would fit another manifest, from someone with the signing key."""
    tag = AuditTag.RECORDING_SEALED.value
    with evidence.context.database.read() as session:
        query = select(AuditEvent).where(AuditEvent.subject_id == evidence.recording.id, AuditEvent.tag == tag)
        details = session.exec(query).one().details
    with evidence.context.database.write() as session:  # who can write to the database can do this too
        without_triggers(session)
    with changed(evidence, AuditEvent, col(AuditEvent.tag) == tag, details=details | {"manifest_sha256": "00" * 32}):
        altered, unsealed = evidence.faults()
        assert (altered.file, unsealed.file) == ("audit_events", "audit_events")
        assert "was not written by this site" in altered.text
        assert unsealed.text == "the trail does not say that it was sealed"


def test_an_older_manifest_that_is_signed_is_reported_by_the_audit_trail(evidence: Evidence) -> None:
    """Someone with the signing key: sound in itself."""
    lines = evidence.lines()
    signer = evidence.context.keys.signer()
    chain = Chain(Writer.SEALING, signer.key_id, signer.sign)
    chain.resume(parse_manifest(b"".join(line + b"\n" for line in lines[:-1])))
    evidence.put_lines([*lines[:-1], chain.lines(chain.checkpoint(utc_now()))[:-1]])
    [fault] = evidence.faults()
    assert (fault.file, fault.start) == (MANIFEST, 1)
    assert "differs from the manifest that was sealed" in fault.text


def test_a_forged_manifest_without_the_signing_key_is_reported(evidence: Evidence) -> None:
    manifest = parse_manifest(evidence.data(MANIFEST))
    assert manifest.sealed is not None
    lines = evidence.lines()
    last = json.loads(lines[-1]) | {"key_id": "0123456789abcdef"}
    lines[-1] = json.dumps(last, sort_keys=True, separators=(",", ":")).encode()
    evidence.put_lines(lines)
    [fault] = evidence.faults()
    assert "key 0123456789abcdef, which is unknown at this site" in fault.text


# Rows


class changed:  # noqa: N801 - reads as a statement
    """Columns of some rows are different for the length of the block."""

    def __init__(self, evidence: Evidence, model: type, where: object, **values: object) -> None:
        self._database = evidence.context.database
        # Conditions are of any model, so they are plain objects here.
        self._query: Any = select(model).where(where, subject_of(model) == evidence.recording.id)  # type: ignore[arg-type]
        self._values = values

    def __enter__(self) -> None:
        self._values = self._swap(self._values)

    def __exit__(self, *_error: object) -> None:
        self._swap(self._values)

    def _swap(self, values: dict[str, object]) -> dict[str, object]:
        with self._database.write() as session:
            row = session.exec(self._query).first()
            before = {name: getattr(row, name) for name in values}
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
        return before


def subject_of(model: type) -> object:
    """The column that says which recording a row is about."""
    return next(getattr(model, name) for name in ("recording_id", "subject_id", "id") if hasattr(model, name))


@pytest.mark.parametrize(
    ("model", "values", "table"),
    [
        (Segment, {"sha256": "00" * 32}, "segments"),
        (Segment, {"size_bytes": 1}, "segments"),
        (Segment, {"stored_sha256": "00" * 32}, "segments"),
        (Rendition, {"run_id": ""}, "renditions"),
        (Rendition, {"end_byte": 2**40}, "renditions"),
        (Span, {"rendition_id": "no-such-rendition"}, "spans"),
    ],
)
def test_a_row_that_does_not_fit_the_bytes_is_reported(
    evidence: Evidence, model: type, values: dict[str, object], table: str
) -> None:
    with changed(evidence, model, True, **values):
        assert evidence.places() == [(table, Measure.ROW, None, None)]


def test_a_recordings_row_that_does_not_fit_is_reported(evidence: Evidence) -> None:
    digest = evidence.recording.digest
    with evidence.context.database.write() as session:
        recordings.get(session, evidence.recording.id).digest = "00" * 32
    try:
        assert evidence.places() == [("recordings", Measure.ROW, None, None)]
    finally:
        with evidence.context.database.write() as session:
            recordings.get(session, evidence.recording.id).digest = digest
