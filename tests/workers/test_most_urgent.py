"""Workers take the work of their queues, and those that render need no signing key."""

import shutil

from gateway.audit import Actor
from gateway.core.work import NUDGES, Queue, StageName, TaskKind, WorkState, stages_of
from gateway.db.columns import utc_now
from gateway.db.repositories import queue, stages
from gateway.settings import Settings
from gateway.work.tasks import place
from tests.parts.recordings import halves, place_recording, small_original
from workers import most_urgent
from workers.running.work import WorkerContext


def done(context: WorkerContext, recording_id: str) -> list[StageName]:
    with context.database.read() as session:
        rows = stages.of_recording(session, recording_id)
    return [name for name, row in rows.items() if row.state is WorkState.DONE]


def test_every_stage_is_run_by_the_workers_of_one_queue() -> None:
    by_queue = [stages_of({one}) for one in NUDGES]
    assert frozenset.union(*by_queue) == set(StageName)
    assert not frozenset.intersection(*by_queue)
    assert stages_of(NUDGES) == set(StageName)


def test_what_renders_needs_no_signing_key(settings: Settings, context: WorkerContext) -> None:
    recording = place_recording(context, halves(small_original(3)))
    assert most_urgent.seal(context)
    signing, elsewhere = settings.keys_folder / "signing", settings.data_dir / "elsewhere"
    shutil.move(signing, elsewhere)
    renderer = WorkerContext.build(settings)  # one that has read no key yet
    while most_urgent.run(renderer, {Queue.RENDER}):
        pass
    renderer.database.close()
    assert done(context, recording.id) == [name for name in StageName if name is not StageName.TIER]
    assert not signing.exists(), "none was made in its place"
    shutil.move(elsewhere, signing)
    assert most_urgent.run(context, {Queue.WORK})
    assert done(context, recording.id) == list(StageName)


def test_a_worker_is_offered_what_its_queues_are_for(context: WorkerContext) -> None:
    to_seal = place_recording(context, halves(small_original(2)))
    with context.database.write() as session:
        task = place(session, TaskKind.VERIFY, Actor("ann"), lambda *_job: None)
    to_render = place_recording(context, halves(small_original(3)))
    with context.database.write() as session:
        seal = stages.of_recording(session, to_render.id)[StageName.SEAL]
        seal.state = WorkState.DONE
        session.add(seal)

    def offered(*queues: Queue) -> set[str]:
        with context.database.read() as session:
            return {work.id for work in queue.due(session, utc_now(), 10, queues)}

    assert offered(Queue.RENDER) == {to_render.id}
    assert offered(Queue.WORK) == {to_seal.id, task.id}
    assert offered(Queue.RENDER, Queue.WORK) == {to_seal.id, task.id, to_render.id}
