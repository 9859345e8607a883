"""What the audit trail says about one recording, counting only events written by this site."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from gateway.audit import AuditTag
from gateway.audit.trail import is_authentic
from gateway.core.recording.testimony import Closing, Opening
from gateway.db.repositories import audit_subjects

_OPENED: Final = frozenset({AuditTag.RECORDING_OPENED.value, AuditTag.RECORDING_IMPORTED.value})
_CLOSED: Final = frozenset({AuditTag.RECORDING_CLOSED.value, AuditTag.RECORDING_IMPORTED.value})
_TAGS: Final = _OPENED | _CLOSED | {AuditTag.RECORDING_SEALED.value, AuditTag.RECORDING_PURGED.value}


@dataclass(frozen=True)
class Testimony:
    """`opening` None: the trail does not know the recording. `closing` None: its writer was lost before closing it.

    `sealed` are the SHA-256 of the manifests that were sealed, oldest first: there must be at most one. `forged` are
    ids of events about the recording that this site did not write; they are ignored.
    """

    opening: Opening | None = None
    closing: Closing | None = None
    sealed: tuple[str, ...] = ()
    is_purged: bool = False
    forged: tuple[int, ...] = ()


def read_testimony(session: Session, recording_id: str) -> Testimony:
    """Read the trail's events about a recording; the first of each kind counts."""
    events = audit_subjects.events(session, [recording_id], _TAGS)
    authentic = [event for event in events if is_authentic(session, event)]
    openings = (Opening.of(event.details) for event in authentic if event.tag in _OPENED)
    closings = (Closing.of(event.details) for event in authentic if event.tag in _CLOSED)
    tags = {event.tag for event in authentic}
    return Testimony(
        next(openings, None),
        next(closings, None),
        tuple(
            str(event.details["manifest_sha256"]) for event in authentic if event.tag == AuditTag.RECORDING_SEALED.value
        ),
        AuditTag.RECORDING_PURGED.value in tags,
        tuple(event.id or 0 for event in events if event not in authentic),
    )
