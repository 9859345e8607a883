"""What must hold after every fault, once the next run is over: the one look that every test of a fault ends with."""

from sqlmodel import select

from gateway.audit.check import check
from gateway.core.evidence import Soundness
from gateway.core.recording.states import RecordingState
from gateway.db.models import Recording, RecordingKey, Rendition, Segment
from gateway.db.repositories import purges, recordings
from gateway.evidence.rows import Rows
from gateway.evidence.verify import verify
from gateway.keys.keyring import public_keys
from gateway.retention import certificate
from gateway.storage.local import sha256_of
from workers.reconcile.work import reconcile
from workers.running.scratch import remove_leftovers
from workers.running.work import WorkerContext

# The states in which a recording may be at rest; broken ones are no result of a fault that is survived.
AT_REST = {RecordingState.SEALED, RecordingState.ARCHIVED, RecordingState.PURGED}


def check_aftermath(context: WorkerContext, *kept: Recording) -> None:
    """Everything is clean, and of `kept` (rows from before the fault: what is held or retained) no byte is missing.

    Clean: `verify` of every recording with its archived copies, `reconcile` of every byte without leave to repair, the
    audit trail from its first event on; what is purged is so altogether and has its certificate; no file lies in clear.
    """
    remove_leftovers(context)
    assert [path for path in context.settings.data_dir.rglob(".work/*/**/*") if path.is_file()] == []
    _check_verified(context)
    _check_reconciled(context)
    assert check(context.database, context.keys.signer(), "aftermath").broken_kind is None
    for recording in kept:
        check_kept(context, recording)


def _check_verified(context: WorkerContext) -> None:
    with context.database.read() as session:
        found = list(session.exec(select(Recording)))
    assert found, "there is something to look at"
    for recording in found:
        assert recording.state in AT_REST, (recording.id, recording.state)
        if recording.state is RecordingState.PURGED:
            _check_purged(context, recording)
            continue
        with context.database.read() as session:
            rows = Rows.load(session, recording.id)
        verdict = verify(context.files, rows, archive=True)
        assert (verdict.outcome, list(map(str, verdict.faults)), verdict.reason) == (Soundness.WHOLE, [], "")


def _check_purged(context: WorkerContext, recording: Recording) -> None:
    with context.database.read() as session:
        tombstone, key = purges.tombstone(session, recording.id), session.get(RecordingKey, recording.id)
        keys = public_keys(session)
    assert recording.purged_at is not None, "what was begun has been ended"
    assert tombstone is not None
    certificate.check(tombstone.certificate, keys[tombstone.certificate["key_id"]])
    assert key is None or (key.wrapped_key, key.destroyed_at is None) == ("", False), "its data key is destroyed"


def _check_reconciled(context: WorkerContext) -> None:
    report = reconcile(context, deep=True, may_repair=False)
    assert (dict(report.found), report.moving_count, report.archive_trouble) == ({}, 0, None)


def check_kept(context: WorkerContext, before: Recording) -> None:
    """Each file's content, as it is read by people, is what the rows from before the fault said."""
    with context.database.read() as session:
        row = recordings.get(session, before.id)
        files: list[Segment | Rendition] = [
            *recordings.segments(session, before.id),
            *recordings.renditions(session, before.id),
        ]
    assert (row.state in AT_REST - {RecordingState.PURGED}, row.digest) == (True, before.digest)
    assert before.digest is not None, "a row from after it was sealed"
    assert sha256_of(context.files.original(row)) == (before.digest, before.size_bytes)
    for file in files:
        assert sha256_of(context.files.open(row, file.name)) == (file.sha256, file.size_bytes), file.name
