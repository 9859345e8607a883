"""Recordings in every state that a move begins from, and all moves at once. Caller: the tests of an archive's faults."""

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import select

from gateway.audit import Actor
from gateway.core.recording.layout import VIDEO
from gateway.core.work import StageName
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveCheck, Recording, Stage, Task
from gateway.db.repositories import holds, recordings, stages, tasks
from gateway.retention import holding
from gateway.work.restoring import request_restore
from tests.parts.recordings import ignore_job, place_sealed, small_original
from tests.parts.retention import add_user, mark, read, run_due_task, set_default
from workers import stages as pipeline
from workers.purge.due import advance_purges
from workers.purge.legal_holds import apply_holds
from workers.reconcile.work import reconcile
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task
from workers.tier.expiry import expire_hot_copies

MOVES = {"archive", "expire", "restore", "repair", "purge", "hold"}


class Site:
    """On a bucket that can lock. `context` is the worker's; another one over the same rows may take its place."""

    def __init__(self, context: WorkerContext) -> None:
        self.context = context
        self.cora = add_user(context.database)
        set_default(context.database, retain_for_days=0, delete_after_days=None)
        self.cold, self.warm, self.torn, self.doomed = (self._archived() for _ in range(4))
        self._hold(self.cold, self.warm)
        assert apply_holds(context)
        self._due(self.cold)
        assert expire_hot_copies(context) == 1
        self.waiting = self._sealed()
        self.get_ready()

    def get_ready(self) -> None:
        """One waits for the archive, one's hot copy is due to go, one is to be restored, one is torn, one is doomed."""
        self._due(self.warm)
        with self.context.database.write() as session:
            self.restore = request_restore(session, read(self.context, self.cold), 2, Actor("carla"), ignore_job)
        (self.context.files.folder(self.torn) / VIDEO).unlink()
        self._hold(self.torn)
        mark(self.context, self.doomed, self.cora)
        advance_purges(self.context, ignore_job)

    def rotate(self) -> None:
        """As after a fault that is over: what was restored is due, what was torn or waited may go."""
        self.cold, self.warm = self.warm, self.cold
        self.doomed, self.waiting = self.waiting, self._sealed()
        with self.context.database.write() as session:
            for hold in holds.active(session, self.torn.id):
                holding.release(session, hold.id, "settled", self.cora, ignore_job)
        assert apply_holds(self.context)
        self.get_ready()

    def _sealed(self) -> Recording:
        return place_sealed(self.context, [small_original(3)], video_bytes=1024)

    def _archived(self) -> Recording:
        recording = self._sealed()
        assert pipeline.run_next(self.context, recording.id)
        return read(self.context, recording)

    def _hold(self, *held: Recording) -> None:
        with self.context.database.write() as session:
            holding.place(session, [recording.id for recording in held], "lawsuit", "C-17", self.cora, ignore_job)

    def _due(self, recording: Recording) -> None:
        """Its hot days are over, and it is long ago that the archive was read back."""
        with self.context.database.write() as session:
            row = recordings.get(session, recording.id)
            row.hot_until_at = utc_now()
            for stored in recordings.archive_objects(session, recording.id):
                stored.verified_at -= timedelta(days=30)
                session.add(stored)
            session.add(row)

    def kept(self) -> list[Recording]:
        """All that must not lose a byte."""
        return [self.cold, self.warm, self.torn, self.waiting]

    def tier_stage(self) -> Stage:
        with self.context.database.read() as session:
            return stages.of_recording(session, self.waiting.id)[StageName.TIER]

    def restore_task(self) -> Task:
        with self.context.database.read() as session:
            return tasks.get(session, self.restore.id)

    def try_all(self) -> set[str]:
        """Begin every move, as timers and jobs do; those that were done."""
        context = self.context
        with context.database.write() as session:
            row = stages.of_recording(session, self.waiting.id)[StageName.TIER]
            task = tasks.get(session, self.restore.id)
            row.not_before_at = task.not_before_at = None
            session.add_all([row, task])
        done: dict[str, Callable[[], bool]] = {
            "repair": lambda: reconcile(context).repaired_count == 1,
            "expire": lambda: expire_hot_copies(context) == 1,  # which archiving does besides
            "archive": lambda: pipeline.run_next(context, self.waiting.id),
            "restore": lambda: run_task(context, self.restore.id),
            "purge": lambda: run_due_task(context, self.doomed),
            "hold": lambda: apply_holds(context) > 0,
        }
        return {name for name, move in done.items() if move()}

    def forget_checks(self) -> None:
        """What was found out about the archive is looked at anew, and not in half a minute."""
        with self.context.database.write() as session:
            for row in session.exec(select(ArchiveCheck)):
                session.delete(row)
