"""A live session's recording without guacd: recorder, rows, audit trail and what follows, for faults of the disk.

As a program (`python -m tests.faults.live_recording DATA_DIR N...`) it makes recordings whose writer is killed (SIGKILL) at
the n-th call that asks something of the disk, one for each n; it prints their ids.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlmodel import select

from gateway.audit import Actor, AuditTag, record
from gateway.core.desktop.guac import encode
from gateway.core.policy.access import Role
from gateway.core.policy.recording import RecordingPolicy
from gateway.core.recording.entries import GapNoted, Header
from gateway.core.recording.layout import recording_folder
from gateway.core.recording.manifest import VERSION
from gateway.core.recording.testimony import Closing, Opening
from gateway.core.session import SessionState
from gateway.db.columns import new_id, utc_now
from gateway.db.models import AccessSession, Recording, Target, User
from gateway.db.repositories import recordings
from gateway.evidence.rows import Rows
from gateway.evidence.verify import Verdict, verify
from gateway.proxies.desktop.clock import GuacdClock
from gateway.sessions import endings
from gateway.sessions.closing import close_session, note_gap
from gateway.sessions.endings import Ending
from gateway.sessions.recorder import Recorder, RecorderLimits, RecorderLostError
from gateway.settings import Settings
from gateway.storage.original import Attest
from tests.parts.recordings import ignore_job
from workers import stages as pipeline
from workers.running.work import WorkerContext

LIMITS = RecorderLimits(segment_bytes=2**14, segment_seconds=600, fsync_seconds=0.01, retry_seconds=0.02)


class LiveRecording:
    """Rows as opening makes them, and a recorder whose gaps go into the audit trail at once."""

    def __init__(
        self,
        context: WorkerContext,
        limits: RecorderLimits = LIMITS,
        policy: RecordingPolicy = RecordingPolicy.STRICT,
        target_name: str = "lab",
    ) -> None:
        self.context = context
        self._target_name = target_name
        self.gaps: list[GapNoted] = []
        self.clock = GuacdClock()
        self.policy = policy
        self._time_ms = 1000
        self._add_rows()
        data_key, key_row = context.keys.data.new(self.recording_id)
        signer = context.keys.signer()
        self.pool = ThreadPoolExecutor(2)
        self.recorder = Recorder(
            context.files.folder(self.recording),
            self._header(),
            limits,
            Attest(data_key, signer.key_id, signer.sign),
            self.pool,
            self.clock,
            policy,
        )
        self.recorder.on_gap = self._tell
        with context.database.write() as session:
            session.add(self._session)
            session.flush()
            session.add(self.recording)
            session.flush()
            session.add(key_row)
            opening = Opening.of_header(self._header(), self.recorder.header_sha256)
            actor = Actor("olga")
            record(session, AuditTag.RECORDING_OPENED, actor, subject_id=self.recording.id, **opening.details())

    def _add_rows(self) -> None:
        self.recording_id, now = new_id(), utc_now()
        user = User(username=self.recording_id, display_name="Olga", role=Role.OPERATOR, password_hash="-")
        target = Target(name=self.recording_id, protocol="vnc", host="h", port=1)
        with self.context.database.write() as session:
            session.add_all([user, target])
        self._session = AccessSession(
            user_id=user.id,
            target_id=target.id,
            operator_name="Olga",
            target_name=self._target_name,
            protocol="vnc",
            state=SessionState.ACTIVE,
            client_address="127.0.0.1",
            gateway_id="gateway-a",
            opened_at=now,
        )
        self.recording = Recording(
            id=self.recording_id,
            session_id=self._session.id,
            folder=recording_folder(self.recording_id, now),
            target_name=self._target_name,
            operator_name="Olga",
            started_at=now,
        )

    def _header(self) -> Header:
        row = self.recording
        return Header(VERSION, row.id, row.session_id, self._target_name, "Olga", row.started_at, row.kind)

    def _tell(self, gap: GapNoted) -> None:
        self.gaps.append(gap)
        note_gap(self.context.database, self.recording_id, self.policy, gap)

    def take_over(self, context: WorkerContext, recording_id: str) -> None:
        """Be a recording that another process began and was killed over."""
        self.context = context
        self.recording_id = recording_id
        with context.database.read() as session:
            self.recording = recordings.get(session, recording_id)
            self._session = session.exec(
                select(AccessSession).where(AccessSession.id == self.recording.session_id)
            ).one()

    async def frame(self, size: int = 500) -> bool:
        """A frame of about so many bytes; whether it is in the recording."""
        self._time_ms += 40
        self.clock.set(self._time_ms)
        return await self.recorder.write(encode("blob", 1, "x" * size) + encode("sync", self._time_ms))

    async def end(self) -> None:
        """As a session ends, whatever happened to its recorder."""
        try:
            await self.recorder.close("operator_left")
        except RecorderLostError:
            self.close_rows(endings.RECORDER_LOST, self.recorder.closing)
        else:
            self.close_rows(endings.OPERATOR_LEFT, self.recorder.closing)

    def close_rows(self, ending: Ending, closing: Closing | None = None) -> None:
        close_session(self.context.database, ignore_job, self._session.id, ending, closing=closing)

    def sealed_verdict(self) -> Verdict:
        """Seal it, and look at it."""
        assert pipeline.run_next(self.context, self.recording_id)
        with self.context.database.read() as session:
            rows = Rows.load(session, self.recording_id)
        return verify(self.context.files, rows)


def dying_at(number: int) -> Callable[[str, Callable[..., Any]], Callable[..., Any]]:
    """Wraps calls; the n-th of them all is half done (a write) or not done, and then the process is gone."""
    calls = 0

    def wrap(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == number:
                if name == "write":
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args)

        return call

    return wrap


async def _record_until_killed(live: LiveRecording) -> None:
    syncing = asyncio.create_task(live.recorder.keep_synced())
    for _ in range(200):
        await live.frame(2000)
        await asyncio.sleep(0.002)
    syncing.cancel()
    await live.end()


def main() -> None:
    """Make the recordings."""
    data_dir, *numbers = sys.argv[1:]
    for number in map(int, numbers):
        context = WorkerContext.build(Settings(data_dir=Path(data_dir)))
        live = LiveRecording(context)
        sys.stdout.write(f"{live.recording_id}\n")
        sys.stdout.flush()
        if os.fork() == 0:
            wrap = dying_at(number)
            os.write, os.fsync = wrap("write", os.write), wrap("fsync", os.fsync)
            asyncio.run(_record_until_killed(live))
            os._exit(9)
        _pid, status = os.wait()
        assert os.WIFSIGNALED(status), f"the writer outlived call {number}"
        context.database.close()


if __name__ == "__main__":
    main()
