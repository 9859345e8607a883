"""Input and output of a stage.

The engine builds a `StageWork` and calls the stage's `run`. Each stage reads, makes its output in the scratch folder,
checks it, and returns a function that publishes it. Publishing happens in the transaction that marks the stage done,
and only while this worker still holds the stage, so a worker that was believed dead can do no damage.
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
from gateway.keyring import Keyring
from gateway.keys.site import open_database
from gateway.settings import Settings
from gateway.storage.files import RecordingFiles
from workers.running.owners import this_process

Publish = Callable[[Session], None]
"""Rename finished files into place and set rows, inside the transaction that marks the stage done."""

Progress = Callable[[float], None]
"""Report progress, 0 to 1. Raises LeaseLostError if another worker has taken over the stage."""


@dataclass(frozen=True)
class WorkerContext:
    """The state of one worker process. `owner` names it in leases (`workers.running.owners`)."""

    settings: Settings
    database: Database
    files: RecordingFiles
    owner: str

    @classmethod
    def build(cls, settings: Settings) -> "WorkerContext":
        """Build a context with its own database (connections must not cross a fork)."""
        return cls.on(settings, open_database(settings))

    @classmethod
    def on(cls, settings: Settings, database: Database) -> "WorkerContext":
        """Build a context on a database that the caller closes."""
        return cls(settings, database, RecordingFiles(settings, database), this_process())

    @cached_property
    def keys(self) -> Keyring:
        """The keys of recordings and signatures. First access must be outside a transaction: it may write."""
        return Keyring.open(self.settings, self.database)

    @cached_property
    def audit_heads(self) -> Heads:
        """Heads of the audit trail outside the database."""
        return Heads(self.settings, self.files.archive)


@dataclass(frozen=True)
class StageWork:
    """One stage of one recording. `scratch` is an empty folder on the same file system as the recording's.

    `run_id` names this run, in the log and in the rows of what it makes.
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
