"""Leases of processes that are gone from this host are ended, of others never."""

import subprocess
import sys
from datetime import timedelta

import pytest

from gateway.core.work import StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import Stage
from gateway.db.repositories import queue, stages
from tests.parts.recordings import place_recording
from workers.running.lease import Lease, LeaseLostError, release_lost
from workers.running.owners import is_gone, this_process
from workers.running.work import WorkerContext


def owner_of_a_dead_process() -> str:
    command = [sys.executable, "-c", "from workers.running.owners import this_process; print(this_process())"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_process_knows_who_is_gone() -> None:
    assert not is_gone(this_process())
    assert is_gone(owner_of_a_dead_process())
    assert not is_gone("another-host:1:1")
    host, pid, _ = this_process().rsplit(":", 2)
    assert is_gone(f"{host}:{pid}:1"), "the process id is used again"
    assert is_gone(f"{host}:{pid}:1#run")
    assert not is_gone(f"{this_process()}#run")


def lease_to(context: WorkerContext, owner: str) -> tuple[str, str]:
    """Ids of a recording and its stage that runs at `owner`."""
    recording = place_recording(context, [])
    with context.database.write() as session:
        row = stages.of_recording(session, recording.id)[StageName.SEAL]
        row.state, row.lease_owner = WorkState.RUNNING, owner
        row.lease_until_at = utc_now() + timedelta(hours=1)
    return recording.id, row.id


def test_only_the_leases_of_the_dead_are_ended(context: WorkerContext) -> None:
    dead, _ = lease_to(context, owner_of_a_dead_process())
    lease_to(context, this_process())
    lease_to(context, "another-host:1:1")
    assert release_lost(context) == 1
    with context.database.read() as session:
        assert [work.id for work in queue.due(session, utc_now(), 10)] == [dead]
        row = stages.of_recording(session, dead)[StageName.SEAL]
        assert (row.state, row.lease_owner) == (WorkState.PENDING, None), "it is shown as waiting"


def test_a_lease_is_renewed_and_tells_when_it_is_lost(context: WorkerContext) -> None:
    recording_id, stage_id = lease_to(context, context.owner)

    def row() -> Stage:
        with context.database.read() as session:
            return stages.of_recording(session, recording_id)[StageName.SEAL]

    def poll(lease: Lease) -> None:
        deadline = utc_now() + timedelta(seconds=20)
        while utc_now() < deadline:
            lease.progress(0.5)

    with Lease(context, Stage, stage_id, context.owner) as lease:
        lease.progress(0.5)
        deadline = utc_now() + timedelta(seconds=20)
        while row().progress != 0.5:
            assert utc_now() < deadline
        with context.database.write() as session:
            taken = stages.of_recording(session, recording_id)[StageName.SEAL]
            taken.lease_owner = "another-host:1:1"
        with pytest.raises(LeaseLostError):
            poll(lease)
