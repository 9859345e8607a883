"""The JSON description of an export's recording: the site's rows, and its audit events."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session, SQLModel

from gateway.db.models import AccessSession, Recording
from gateway.db.repositories import audit_subjects, recordings


def described(session: Session, recording: Recording) -> dict[str, Any]:
    """Describe the recording: who, where, when; its files, gaps, and what made the renditions."""
    access = session.get(AccessSession, recording.session_id) if recording.session_id else None
    return {
        "recording": recording.model_dump(mode="json", exclude={"folder"}),
        "session": access.model_dump(mode="json") if access else None,
        "segments": _rows(recordings.segments(session, recording.id)),
        "gaps": _rows(recordings.gaps(session, recording.id)),
        "renditions": _rows(recordings.renditions(session, recording.id)),
    }


def tied(session: Session, recording: Recording) -> dict[str, Any]:
    """Return what ties a copy to the original: its id and digests, and when it was recorded."""
    names = {
        "kind",
        "id",
        "digest",
        "size_bytes",
        "started_at",
        "is_start_guessed",
        "closed_at",
        "imported_at",
        "duration_ms",
        "width",
        "height",
    }
    segments = recordings.segments(session, recording.id)
    return {
        **recording.model_dump(mode="json", include=names),
        "segments": [row.model_dump(mode="json", include={"name", "size_bytes", "sha256"}) for row in segments],
    }


def engines(session: Session, recording: Recording) -> dict[str, str]:
    """Return what made the files a copy is made of, by file."""
    return {row.name: row.engine for row in recordings.renditions(session, recording.id)}


def audit_lines(session: Session, recording: Recording) -> Iterator[bytes]:
    """Return the audit events about the recording and its session, one JSON line each, as covered by their hashes."""
    for event in audit_subjects.events(session, [recording.id, recording.session_id]):
        values = event.model_dump() | {"at": event.at.isoformat()}
        yield json.dumps(values, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _rows(rows: Iterable[SQLModel]) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json", exclude={"id", "recording_id"}) for row in rows]
