"""What the pipeline leaves behind of a recording: nothing in clear, and each file with where it came from."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.core.policy.access import Role
from gateway.core.recording.layout import KEYFRAMES, MANIFEST, SPANS, VIDEO
from gateway.db.models import Finding, Recording, Span, User, WatchTerm
from gateway.db.repositories import recordings
from gateway.renditions.spans import read_spans
from gateway.storage.encryption.layout import MAGIC
from gateway.storage.local import sha256_of
from tests.parts.database import upgrade
from tests.parts.recordings import halves, place_recording, small_original
from tests.workers.conftest import make_settings
from workers import stages as pipeline
from workers.running.work import WorkerContext


@pytest.fixture
def context(tmp_path: Path) -> Iterator[WorkerContext]:
    settings = make_settings(tmp_path)
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


def run(context: WorkerContext, *, index_text: bool = True) -> Recording:
    recording = place_recording(context, halves(small_original()))
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.index_text = index_text
        session.add(row)
    pipeline.advance(context, recording.id)
    with context.database.read() as session:
        return recordings.get(session, recording.id)


def test_nothing_of_a_recording_is_kept_in_clear_and_all_of_it_is_read(context: WorkerContext) -> None:
    recording = run(context)
    folder = context.files.folder(recording)
    for root in (folder, context.settings.archive_dir):
        kept = [path for path in root.rglob("*") if path.is_file() and path.name != MANIFEST]
        assert len(kept) == 5, "two segments, three renditions"
        assert all(path.read_bytes().startswith(MAGIC) for path in kept)
    assert not list((context.settings.data_dir / "recordings" / ".work").iterdir())
    with context.database.read() as session:
        kept_as = {file.name: (file.sha256, file.size_bytes) for file in recordings.files(session, recording.id)}
        rows = [*recordings.renditions(session, recording.id), *recordings.segments(session, recording.id)]
        content = {row.name: (row.sha256, row.size_bytes) for row in recordings.renditions(session, recording.id)}
    assert len(rows) == 5
    for name, stored in kept_as.items():
        assert sha256_of(context.files.open_stored(recording, name)) == stored
    for name, made in content.items():
        assert sha256_of(context.files.open(recording, name)) == made


def test_what_was_made_names_its_run_and_what_it_was_made_from(context: WorkerContext) -> None:
    recording = run(context)
    with context.database.read() as session:
        made = {row.name: row for row in recordings.renditions(session, recording.id)}
        of_spans = set(session.exec(select(Span.rendition_id).where(Span.recording_id == recording.id)))
    assert made[VIDEO].run_id == made[KEYFRAMES].run_id != made[SPANS].run_id
    assert all(row.run_id for row in made.values())
    assert {(row.start_byte, row.end_byte) for row in made.values()} == {(0, recording.size_bytes)}
    assert of_spans == {made[SPANS].id}


def test_a_target_can_keep_its_text_out_of_the_database(context: WorkerContext) -> None:
    with context.database.write() as session:
        user = User(username="ada", display_name="Ada", role=Role.AUDITOR, password_hash="-")
        session.add(user)
        session.flush()
        session.add(WatchTerm(name="anything", query="screen:", created_by=user.id))
    recording = run(context, index_text=False)
    with context.files.seekable(recording, SPANS) as file:
        texts = [span.text for span in read_spans(file)]
    assert texts
    assert recording.facts["index"] == {"spans": 0, "reason": "the target's text is kept out of the search index"}
    assert recording.searchable_at is None
    with context.database.read() as session:
        assert session.exec(select(Span)).all() == []
        assert session.exec(select(Finding)).all() == []
    [longest] = sorted(texts, key=len)[-1:]
    assert longest not in json.dumps(recording.facts)


def test_an_altered_original_is_not_rendered(context: WorkerContext) -> None:
    recording = place_recording(context, halves(small_original()))
    assert pipeline.run_next(context, recording.id)
    path = context.files.folder(recording) / "segments" / "000001.guac"
    stored = bytearray(path.read_bytes())
    stored[len(stored) // 2] ^= 1
    path.write_bytes(stored)
    assert not pipeline.run_next(context, recording.id)
    with context.database.read() as session:
        assert recordings.renditions(session, recording.id) == []
    assert not list((context.settings.data_dir / "recordings" / ".work").iterdir())
