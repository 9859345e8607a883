"""Exports as a person orders them and a worker makes them, on a recording that went through the pipeline."""

from pathlib import Path
from typing import Any

from gateway.audit import Actor
from gateway.core.export import ExportKind
from gateway.core.policy.access import Role
from gateway.db.models import Export, Recording, User
from gateway.db.repositories import exports, recordings
from gateway.exports import files, requesting
from gateway.exports.export_request import ExportRequest
from tests.parts.recordings import ignore_job, place_recording, small_original
from workers import stages as pipeline
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task

ASKER = Actor("cora", "cora-id", "192.0.2.7")


def cora() -> User:
    """Who may export."""
    return User(id="cora-id", username="cora", display_name="Cora", role=Role.COMPLIANCE, password_hash="none")


def recorded(context: WorkerContext, segments: list[bytes] | None = None, *, ended: bool = True) -> Recording:
    """A recording through all its stages, and a user who may export it."""
    with context.database.write() as session:
        session.add(cora())
    recording = place_recording(context, segments or [small_original(3)], ended=ended)
    pipeline.advance(context, recording.id)
    with context.database.read() as session:
        return recordings.get(session, recording.id)


def request(context: WorkerContext, recording: Recording, **wanted: Any) -> Export:
    """Request an export."""
    with context.database.write() as session:
        return requesting.request(session, recording, ExportRequest(**wanted), ASKER, ignore_job, keep_days=2)


def export(context: WorkerContext, recording: Recording, **wanted: Any) -> Export:
    """Order and make."""
    requested = request(context, recording, **wanted)
    assert run_task(context, requested.task_id)
    return row(context, requested)


def bundle(context: WorkerContext, recording: Recording, query: str = "") -> Export:
    return export(context, recording, kind=ExportKind.BUNDLE, query=query)


def row(context: WorkerContext, export: Export) -> Export:
    """As it is now."""
    with context.database.read() as session:
        return exports.get(session, export.id)


def fetched(context: WorkerContext, export: Export, target: Path) -> Path:
    """Its content in a file."""
    pieces = files.read(context.settings, context.database, context.keys.data, export)
    target.write_bytes(b"".join(pieces))
    return target
