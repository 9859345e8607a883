"""A chain of custody as a file."""

from gateway.api.custody.downloads import as_csv, as_json
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent


def event(actor: str) -> AuditEvent:
    return AuditEvent(
        id=1,
        at=utc_now(),
        tag="x",
        actor_name=actor,
        previous_hash="",
        hash="h",
        key_id="",
        signature="",
        details={"a": "é"},
    )


def test_a_spreadsheet_is_not_made_to_calculate() -> None:
    (data,) = as_csv([event('=HYPERLINK("http://x")')])
    assert b"\"'=HYPERLINK(" in data
    assert "é".encode() in data


def test_nothing_is_an_empty_list() -> None:
    assert b"".join(as_json([])) == b"[]\n"
