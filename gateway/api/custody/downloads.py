"""A chain of custody as a file: CSV for a spreadsheet, JSON for programs. Callers: the endpoint."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from gateway.audit.custody import kind_of
from gateway.db.models import AuditEvent

COLUMNS: Final = ("event", "at", "kind", "tag", "actor", "address", "subject", "details", "hash")
# What a spreadsheet takes for a formula when a cell begins with it (OWASP, "CSV Injection").
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    """A line of names and one an event, in UTF-8; text that a spreadsheet would calculate is quoted by a prime."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for event in events:
        row = _row(event) | {"details": json.dumps(event.details, ensure_ascii=False, sort_keys=True)}
        writer.writerow([_cell(row[name]) for name in COLUMNS])
        if out.tell() > _PIECE:
            yield _taken(out)
    yield _taken(out)


def as_json(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    """A JSON list with an object an event."""
    before = b"[\n"
    for event in events:
        yield before + json.dumps(_row(event), ensure_ascii=False).encode()
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


_PIECE: Final = 64 * 1024


def _taken(out: io.StringIO) -> bytes:
    data = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return data


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


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
