"""What a stage is given and what it gives back.

Callers: `workers.stages` builds a `StageWork` and calls the stage's `run`; each stage reads, makes its output in the
scratch folder, checks it, and returns what is to be published. Publishing happens in the same transaction that marks
the stage done, and only while this worker still holds the stage: a worker that was thought dead can spoil nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlmodel import Session

from gateway.audit.heads import Heads
from gateway.db.columns import new_id
from gateway.db.database import Database
from gateway.db.models import Recording
from gateway.keys.keyring import Keyring
from gateway.keys.site import open_database
from gateway.settings import Settings
from gateway.storage.files import RecordingFiles
from workers.running.owners import this_process

Publish = Callable[[Session], None]
"""Gives finished files their names and sets the rows, inside the transaction that marks the stage done."""

Progress = Callable[[float], None]
"""Told how far the stage is, 0 to 1. Raises LeaseLostError when another worker has taken the stage over."""


@dataclass(frozen=True)
class WorkerContext:
    """What one worker process holds for its lifetime. `owner` names it in leases (`workers.running.owners`)."""

    settings: Settings
    database: Database
    files: RecordingFiles
    owner: str

    @classmethod
    def build(cls, settings: Settings) -> "WorkerContext":
        """A context with a database of its own (connections must not cross a fork)."""
        return cls.on(settings, open_database(settings))

    @classmethod
    def on(cls, settings: Settings, database: Database) -> "WorkerContext":
        """A context on a database that the caller closes."""
        return cls(settings, database, RecordingFiles(settings, database), this_process())

    @cached_property
    def keys(self) -> Keyring:
        """Keys of recordings and signatures. First asked for outside a transaction: it may write."""
        return Keyring.open(self.settings, self.database)

    @cached_property
    def audit_heads(self) -> Heads:
        """Heads of the audit trail outside the database."""
        return Heads(self.settings, self.files.archive)


@dataclass(frozen=True)
class StageWork:
    """One stage of one recording. `scratch` is an empty folder on the same file system as the recording's.

    `run_id` names this run, in the log and at what it makes.
    """

    context: WorkerContext
    recording: Recording
    scratch: Path
    progress: Progress
    run_id: str = field(default_factory=new_id)

    @property
    def folder(self) -> Path:
        """The recording's hot folder."""
        return self.context.files.folder(self.recording)


StageRunner = Callable[[StageWork], Publish]
