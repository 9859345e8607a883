"""Renditions a stage has made: their digests and rows. Callers: the render and ocr stages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from gateway.db.models import Recording, Rendition
from gateway.db.repositories import recordings
from gateway.storage.local import read_range, sha256_of, sync


@dataclass(frozen=True)
class Output:
    """A finished file in the scratch folder, to be published under `name`."""

    path: Path
    name: str
    size_bytes: int
    sha256: str
    engine: str


def finished(path: Path, name: str, engine: str) -> Output:
    """Take digest and size of a file nobody writes to any more, and have it on disk."""
    sync(path)
    digest, size = sha256_of(read_range(path))
    return Output(path, name, size, digest, engine)


def put_renditions(session: Session, recording_id: str, outputs: Iterable[Output]) -> None:
    """Set their rows."""
    for output in outputs:
        recordings.put_rendition(
            session,
            Rendition(
                recording_id=recording_id,
                name=output.name,
                size_bytes=output.size_bytes,
                sha256=output.sha256,
                engine=output.engine,
            ),
        )


def note_fact(recording: Recording, name: str, fact: Mapping[str, Any]) -> None:
    """Set what one stage reports; a new dictionary, because SQLAlchemy notices assignments only."""
    recording.facts = {**recording.facts, name: dict(fact)}
