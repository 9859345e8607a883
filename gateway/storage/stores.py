"""One small interface for places that keep files.

The live path never calls a store: storage must not be able to block a session.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from gateway.core.errors import ConflictError

# Pieces in which files are read: large enough to make the calls cheap, small enough for many readers at once.
PIECE_BYTES: Final = 256 * 1024


class StoredObject(NamedTuple):
    """What a store says about one object; `version_id` is None where the store keeps no versions."""

    key: str
    version_id: str | None
    size_bytes: int
    storage_class: str = ""


class LockedError(ConflictError):
    """The object is locked or on legal hold, so it stays."""


class Promise(StrEnum):
    """What an archive is checked for."""

    REACHABLE = "reachable"
    CLOCK = "clock"
    VERSIONING = "versioning"
    OBJECT_LOCK = "object_lock"
    NOT_PUBLIC = "not_public"
    ROUND_TRIP = "round_trip"


class PromiseState(StrEnum):
    """How a promise stands.

    kept; broken: nothing is archived until it is mended; not_demanded: off, and nobody wants it; not_offered: the store
    cannot say, which is told apart from unsafe.
    """

    KEPT = "kept"
    BROKEN = "broken"
    NOT_DEMANDED = "not_demanded"
    NOT_OFFERED = "not_offered"


class PromiseCheck(NamedTuple):
    """How one promise stands; `detail` is for people and names what to do where it is broken."""

    promise: Promise
    state: PromiseState
    detail: str


class Demands(NamedTuple):
    """What must be so: versioning, and Object Lock where somebody demands it (who, in words; None: nobody)."""

    versioning: bool
    object_lock: str | None


class Store(Protocol):
    """Keeps files by key (`a/b/c`, relative, no `.` or `..`).

    Every method may raise UnavailableError when the store cannot be reached, refuses the access key or answers with an
    error; its text names what to look at and no secret. Nothing else but the errors named at a method is raised.
    An upload that returned is not yet trusted: `gateway.storage.moves` reads it back.
    """

    @property
    def place(self) -> str:
        """Where it is, in words for people and without a secret."""

    @property
    def can_lock(self) -> bool:
        """Whether objects can be locked (S3 Object Lock) and put on legal hold."""

    def put(self, path: Path, key: str) -> StoredObject:
        """Copy the file at `path`; an object already at `key` is replaced at once, or gets a newer version."""

    def stat(self, key: str, version_id: str | None = None) -> StoredObject | None:
        """The object, newest version unless told, or None when there is none."""

    def open_range(
        self, key: str, start: int = 0, length: int | None = None, version_id: str | None = None
    ) -> Iterator[bytes]:
        """Its bytes from `start` (to the end where `length` is None), in pieces; fewer when the object ends before.

        Raises NotFoundError, at the call and not at the first piece, when there is no such object.
        """

    def delete(self, key: str, version_id: str | None = None) -> None:
        """Remove it; nothing happens when it is not there. Raises LockedError when a lock or a legal hold keeps it."""

    def versions(self, prefix: str) -> Iterator[StoredObject]:
        """All that is kept below a key's beginning, older versions too, by key."""

    def set_retention(self, key: str, version_id: str | None, until: datetime) -> datetime:
        """Lock a version in compliance mode, read the lock back, and say until when it is in force.

        A lock is never shortened: one that is longer already stays. Raises ConflictError where nothing can be locked.
        """

    def set_legal_hold(self, key: str, version_id: str | None, on: bool) -> None:
        """Put a version on legal hold, or off, and read it back. Raises ConflictError where nothing can be locked."""

    def kept_by(self, key: str, version_id: str | None) -> str:
        """What in the store forbids deleting a version now, for a person: its lock or legal hold; empty for nothing."""

    def abort_uploads(self, before: datetime) -> int:
        """Give up uploads begun before then and never ended; how many there were."""

    def check(self, demands: Demands) -> list[PromiseCheck]:
        """Whether it keeps its promises; raises nothing."""
