"""Renditions made by a stage: encrypted, with their digests and rows."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from gateway.db.models import Recording, Rendition
from gateway.db.repositories import recordings
from gateway.storage.encryption import Stored, encrypt_file
from gateway.storage.local import publish, read_range
from workers.running.work import StageWork


@dataclass(frozen=True)
class Output:
    """A finished file in the scratch folder, to be published under `name`.

    `size_bytes` and `sha256` are of its content, `stored` of the encrypted file.
    """

    path: Path
    name: str
    size_bytes: int
    sha256: str
    engine: str
    stored: Stored


def finished(work: StageWork, name: str, engine: str) -> Output:
    """Encrypt a finished file in the scratch folder, and take digest and size; on disk when this returns."""
    path = work.scratch / name
    content = _Measured(read_range(path))
    key = work.context.files.key_of(work.recording)
    encrypted = work.scratch / f"{name}.encrypted"
    stored = encrypt_file(content, encrypted, key, name)
    path.unlink()
    return Output(encrypted, name, content.size_bytes, content.sha256, engine, stored)


def put_renditions(session: Session, work: StageWork, outputs: Iterable[Output]) -> None:
    """Rename the files into place and set their rows."""
    for output in outputs:
        publish(output.path, work.folder / output.name)
        recordings.put_rendition(
            session,
            Rendition(
                recording_id=work.recording.id,
                name=output.name,
                size_bytes=output.size_bytes,
                sha256=output.sha256,
                engine=output.engine,
                run_id=work.run_id,
                start_byte=0,
                end_byte=work.recording.size_bytes,
                stored_bytes=output.stored.size_bytes,
                stored_sha256=output.stored.sha256,
            ),
        )


class _Measured:
    """Pass pieces through and compute their digest and size."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._hash.update(piece)
            self.size_bytes += len(piece)
            yield piece

    @property
    def sha256(self) -> str:
        """Return the SHA-256 (hex)."""
        return self._hash.hexdigest()


def note_fact(recording: Recording, name: str, fact: Mapping[str, Any]) -> None:
    """Set one fact of a stage in a new dictionary, because SQLAlchemy only notices assignments."""
    recording.facts = {**recording.facts, name: dict(fact)}
