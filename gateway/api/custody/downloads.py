"""Format a chain of custody as CSV for spreadsheets or JSON for programs."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from gateway.api import tables
from gateway.audit.custody import kind_of
from gateway.db.models import AuditEvent

COLUMNS: Final = ("event", "at", "kind", "tag", "actor", "address", "subject", "details", "hash")


def as_csv(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    """Return a header line and one line per event."""
    rows = (
        _row(event) | {"details": json.dumps(event.details, ensure_ascii=False, sort_keys=True)} for event in events
    )
    return tables.as_csv(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


def as_json(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    """Return a JSON list with one object per event."""
    before = b"[\n"
    for event in events:
        yield before + json.dumps(_row(event), ensure_ascii=False).encode()
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def _row(event: AuditEvent) -> dict[str, Any]:
    return {
        "event": event.id,
        "at": event.at.isoformat(),
        "kind": kind_of(event.tag),
        "tag": event.tag,
        "actor": event.actor_name,
        "address": event.address,
        "subject": event.subject_id,
        "details": event.details,
        "hash": event.hash,
    }
