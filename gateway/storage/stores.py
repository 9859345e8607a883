"""One small interface for places that store files.

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
    """What a store says about one object; `version_id` is None if the store has no versions."""

    key: str
    version_id: str | None
    size_bytes: int
    storage_class: str = ""


class LockedError(ConflictError):
    """The object is locked or on legal hold, so it stays."""


class Requirement(StrEnum):
    """A requirement an archive is checked for."""

    REACHABLE = "reachable"
    CLOCK = "clock"
    VERSIONING = "versioning"
    OBJECT_LOCK = "object_lock"
    NOT_PUBLIC = "not_public"
    ROUND_TRIP = "round_trip"


class RequirementState(StrEnum):
    """The state of a requirement.

    unmet: nothing is archived until it is met; not_required: off, and nobody requires it; not_supported: the store
    cannot say, which is not the same as unsafe.
    """

    MET = "met"
    UNMET = "unmet"
    NOT_REQUIRED = "not_required"
    NOT_SUPPORTED = "not_supported"


class RequirementCheck(NamedTuple):
    """The result for one requirement; `detail` is for people and says what to do if it is not met."""

    requirement: Requirement
    state: RequirementState
    detail: str


class Required(NamedTuple):
    """What is required: versioning, and Object Lock if somebody requires it (who, in words; None: nobody)."""

    versioning: bool
    object_lock: str | None


class Store(Protocol):
    """Store files by key (`a/b/c`, relative, no `.` or `..`).

    Every method may raise UnavailableError if the store cannot be reached, rejects the access key or answers with an
    error; its text says what to check and contains no secret. Only the errors named at a method are raised besides. An
    upload that returned is not yet trusted: `gateway.storage.moves` reads it back.
    """

    @property
    def place(self) -> str:
        """The location, for display and without secrets."""

    @property
    def can_lock(self) -> bool:
        """Whether objects can be locked (S3 Object Lock) and put on legal hold."""

    def put(self, path: Path, key: str) -> StoredObject:
        """Copy the file at `path`; an existing object at `key` is replaced atomically, or gets a newer version."""

    def stat(self, key: str, version_id: str | None = None) -> StoredObject | None:
        """Return the object, the newest version by default, or None if there is none."""

    def open_range(
        self, key: str, start: int = 0, length: int | None = None, version_id: str | None = None
    ) -> Iterator[bytes]:
        """Return its bytes from `start` (to the end if `length` is None), in pieces; fewer if the object ends earlier.

        Raises NotFoundError, at the call and not at the first piece, if there is no such object.
        """

    def delete(self, key: str, version_id: str | None = None) -> None:
        """Remove it; does nothing if it is not there. Raises LockedError if a lock or a legal hold protects it."""

    def versions(self, prefix: str) -> Iterator[StoredObject]:
        """Return everything below a key prefix, including older versions, by key."""

    def set_retention(self, key: str, version_id: str | None, until: datetime) -> datetime:
        """Lock a version in compliance mode, read the lock back, and say until when it is in force.

        A lock is never shortened: one that is longer already stays. Raises ConflictError where nothing can be locked.
        """

    def set_legal_hold(self, key: str, version_id: str | None, on: bool) -> None:
        """Set or release a version's legal hold, and read it back. Raises ConflictError if the store has no locks."""

    def kept_by(self, key: str, version_id: str | None) -> str:
        """Say what in the store forbids deleting a version now: its lock or legal hold; empty if nothing does."""

    def abort_uploads(self, before: datetime) -> int:
        """Abort unfinished uploads started before then; return their number."""

    def check(self, required: Required) -> list[RequirementCheck]:
        """Check the requirements; never raises."""
