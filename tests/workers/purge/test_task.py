"""A purge erases a recording everywhere, leaves a tombstone and a certificate, and refuses what must stay."""

import json
from datetime import timedelta

import pytest
from sqlmodel import col, func, select

from gateway.audit import Actor
from gateway.audit.check import check
from gateway.core.errors import ConflictError, GoneError, InvalidInputError
from gateway.core.finding import Match
from gateway.core.policy.retention import PurgeState
from gateway.core.recording.layout import MANIFEST, VIDEO, segment_name
from gateway.core.recording.states import GapCause, RecordingState, SpanSource
from gateway.core.work import TaskKind, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Finding, Gap, Recording, RecordingKey, Span, SpanText, Tombstone, WatchTerm
from gateway.db.repositories import purges, recordings
from gateway.keys.site import public_keys
from gateway.retention import certificate, holding
from gateway.storage.archive import archive_key
from gateway.storage.local import read_range, sha256_of
from gateway.work.tasks import place
from tests.parts.recordings import ignore_job
from tests.parts.retention import add_user, archived_recording, mark, purge_of, read, run_due_task, task_of
from workers.purge.due import advance_purges
from workers.purge.inventory import folders
from workers.purge.legal_holds import apply_holds
from workers.running.work import WorkerContext


@pytest.fixture
def recording(context: WorkerContext) -> Recording:
    return archived_recording(context)


@pytest.fixture
def cora(context: WorkerContext) -> Actor:
    return add_user(context.database)


def erase(context: WorkerContext, recording: Recording, actor: Actor) -> bool:
    mark(context, recording, actor)
    advance_purges(context, ignore_job)
    return run_due_task(context, recording)


def test_everything_goes_and_a_tombstone_says_what_it_was(
    context: WorkerContext, recording: Recording, cora: Actor
) -> None:
    folder = context.files.folder(recording)
    manifest_digest, manifest_size = sha256_of(read_range(folder / MANIFEST))
    with context.database.write() as session:
        session.add(Gap(recording_id=recording.id, start_ms=1, end_ms=2, cause=GapCause.TORN_TAIL))
    assert erase(context, recording, cora)
    with context.database.read() as session:
        row = recordings.get(session, recording.id)
        assert (row.state, row.digest, row.target_name) == (RecordingState.PURGED, recording.digest, "lab")
        assert row.purged_at is not None
        assert not [*recordings.files(session, row.id), *recordings.archive_objects(session, row.id)]
        assert len(recordings.gaps(session, row.id)) == 1, "what is known of it stays"
        assert session.exec(select(func.count()).select_from(Span).where(col(Span.recording_id) == row.id)).one() == 0
        assert session.exec(select(func.count()).select_from(SpanText)).one() == 0
        key = session.get_one(RecordingKey, row.id)
        assert (key.wrapped_key, key.destroyed_at is not None) == ("", True)
        tombstone = session.get_one(Tombstone, row.id)
        keys = public_keys(session)
        tags = session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == row.id)).all()
    assert check(context.database, context.keys.signer(), "test").broken_kind is None
    assert [tag for tag in tags if "purge" in tag] == ["api:purge:marked", "worker:recording:purged"]
    assert not folder.exists()
    assert not list(context.files.archive.versions(archive_key(context.settings, recording.folder, "")))
    files = {(file["place"], file["name"]): file for file in tombstone.files}
    assert files["recording", segment_name(0, "guac")]["size_bytes"] > 0
    assert {("recording", VIDEO), ("archive", VIDEO), ("archive", MANIFEST)} <= set(files)
    assert (files["hot", MANIFEST]["sha256"], files["hot", MANIFEST]["size_bytes"]) == (manifest_digest, manifest_size)
    signed = json.loads(json.dumps(tombstone.certificate))
    certificate.check(signed, keys[signed["key_id"]])
    assert signed["purge"]["ordered_by"] == "Cora"
    assert signed["data_key"]["destroyed_at"] is not None
    assert signed["policy"]["name"] == "Default"
    purge = purge_of(context, recording)
    assert purge is not None
    assert (purge.state, purge.waiting_for) == (PurgeState.PURGED, "")


def test_a_certificate_that_was_changed_does_not_check(
    context: WorkerContext, recording: Recording, cora: Actor
) -> None:
    assert erase(context, recording, cora)
    with context.database.read() as session:
        tombstone = purges.tombstone(session, recording.id)
        keys = public_keys(session)
    assert tombstone is not None
    signed = tombstone.certificate
    certificate.check(signed, keys[signed["key_id"]])
    with pytest.raises(InvalidInputError, match="does not match"):
        certificate.check(signed | {"files": []}, keys[signed["key_id"]])
    with pytest.raises(InvalidInputError, match="no readable signature"):
        certificate.check({"files": []}, keys[signed["key_id"]])


def test_a_finding_stays_without_its_text(context: WorkerContext, recording: Recording, cora: Actor) -> None:
    with context.database.write() as session:
        term = WatchTerm(name="sudo", query="sudo", created_by=cora.user_id or "")
        session.add(term)
        session.flush()
        finding = Finding(
            watch_term_id=term.id,
            recording_id=recording.id,
            digest="d",
            at=utc_now(),
            text="sudo secret",
            start_ms=0,
            end_ms=1,
            source=SpanSource.SCREEN,
            match=Match.EXACT,
        )
        session.add(finding)
    assert erase(context, recording, cora)
    with context.database.read() as session:
        left = session.get_one(Finding, finding.id)
    assert (left.text, left.digest, left.end_ms) == ("", finding.id, 1)


def test_a_hold_placed_in_the_grace_keeps_it(context: WorkerContext, recording: Recording, cora: Actor) -> None:
    mark(context, recording, cora)
    advance_purges(context, ignore_job)
    with context.database.write() as session:
        holding.place(session, [recording.id], "lawsuit", "C-17", cora, ignore_job)
    assert not run_due_task(context, recording)
    task, purge = task_of(context, recording), purge_of(context, recording)
    assert task is not None
    assert purge is not None
    assert task.state is WorkState.FAILED
    assert (purge.state, purge.end_reason) == (PurgeState.CANCELLED, "held: lawsuit")
    assert read(context, recording).state is RecordingState.ARCHIVED
    assert b"".join(context.files.open(recording, VIDEO))


def test_what_is_being_purged_is_neither_held_nor_worked_on(
    context: WorkerContext, recording: Recording, cora: Actor
) -> None:
    assert erase(context, recording, cora)
    with pytest.raises(ConflictError, match="cannot be held"), context.database.write() as session:
        holding.place(session, [recording.id], "too late", "", cora, ignore_job)
    with pytest.raises(GoneError, match="certificate"), context.database.write() as session:
        place(session, TaskKind.RESTORE, cora, ignore_job, recording_id=recording.id)


def test_a_lock_that_the_rows_know_of_makes_it_wait(context: WorkerContext, recording: Recording, cora: Actor) -> None:
    mark(context, recording, cora)
    with context.database.write() as session:
        for stored in recordings.archive_objects(session, recording.id):
            stored.locked_until_at = utc_now() + timedelta(days=3)
            session.add(stored)
    advance_purges(context, ignore_job)
    purge = purge_of(context, recording)
    assert purge is not None
    assert purge.state is PurgeState.MARKED
    assert "locked until" in purge.waiting_for
    assert task_of(context, recording) is None


def test_nothing_is_held_in_an_archive_that_cannot(context: WorkerContext, recording: Recording, cora: Actor) -> None:
    with context.database.write() as session:
        holding.place(session, [recording.id], "lawsuit", "C-17", cora, ignore_job)
    assert apply_holds(context) == 0


def test_what_was_kept_as_damaged_and_what_expiry_left_goes_too(
    context: WorkerContext, recording: Recording, cora: Actor
) -> None:
    places = folders(context, recording)
    for name in ("expired", "quarantine"):
        places[name].mkdir(parents=True)
        (places[name] / f"{name}.part").write_bytes(b"of the recording")
    assert erase(context, recording, cora)
    assert not any(folder.exists() for folder in places.values())
    with context.database.read() as session:
        tombstone = purges.tombstone(session, recording.id)
    assert tombstone is not None
    assert {"expired.part", "quarantine.part"} <= {file["name"] for file in tombstone.files}
