"""`reelgate recordings list`, `sessions list`, `targets list`: what other commands take, safe to show."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from gateway.core.policy.access import Role
from gateway.core.recording.states import RecordingState
from gateway.db.database import Database
from gateway.db.models import AccessSession, Recording, Target, User
from gateway.settings import Settings
from tests.parts.program import reelgate

HOSTILE = "m\x1b[31mred\x07\nfake \u202eesrever\udcff [bold]x[/bold]"
AT = datetime(2026, 10, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _rows(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(settings.data_dir))
    name = HOSTILE.encode(errors="replace").decode()
    user = User(username="olga", display_name="Olga", role=Role.OPERATOR, password_hash="x")
    target = Target(name=name, protocol="vnc", host="h", port=5900)
    with database.write() as session:
        session.add_all((user, target))
        session.flush()
        opened = AccessSession(
            user_id=user.id,
            target_id=target.id,
            operator_name=name,
            target_name=name,
            protocol="vnc",
            client_address="::1",
            gateway_id="g",
            opened_at=AT,
        )
        session.add(opened)
        session.flush()
        for number in range(3):
            session.add(
                Recording(
                    id=f"aaa{number}-x",
                    session_id=opened.id if number == 0 else None,
                    folder="f",
                    target_name=name if number else "web-1",
                    operator_name=name,
                    state=RecordingState.SEALED if number else RecordingState.OPEN,
                    started_at=AT + timedelta(hours=number),
                    duration_ms=3_723_000,
                )
            )


@pytest.mark.parametrize("listing", ["recordings", "sessions", "targets"])
def test_names_cannot_control_the_terminal(listing: str) -> None:
    shown = reelgate(listing, "list")
    assert shown.exit_code == 0, shown.output
    assert all(char.isprintable() or char == "\n" for char in shown.stdout)
    assert "m\ufffd[31mred\ufffd\ufffdfake" in shown.stdout
    assert "[bold]x[/bold]" in shown.stdout
    assert reelgate(listing, "list", "--json").stdout.isascii()


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ((), ["aaa2-x", "aaa1-x", "aaa0-x"]),
        (("--limit", 1), ["aaa2-x"]),
        (("--target", "WEB"), ["aaa0-x"]),
        (("--state", "sealed"), ["aaa2-x", "aaa1-x"]),
        (("--after", "2026-10-01T11:00:00+02:00"), ["aaa2-x", "aaa1-x"]),
        (("--before", "2026-10-01T09:00:00"), ["aaa0-x"]),
        (("--operator", "nobody"), []),
    ],
)
def test_recordings_are_narrowed(options: tuple[object, ...], ids: list[str]) -> None:
    assert [row["id"] for row in json.loads(reelgate("recordings", "list", "--json", *options).stdout)] == ids
    lines = reelgate("recordings", "list", *options).stdout.splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ids


def test_a_session_names_its_recording() -> None:
    assert json.loads(reelgate("sessions", "list", "--json").stdout)[0]["recording_id"] == "aaa0-x"
    assert reelgate("sessions", "list").stdout.splitlines()[1].endswith("aaa0-x")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("aaa0", "unknown:"),
        ("aaa", "aaa matches several recordings: aaa0-x, aaa1-x, aaa2-x; give a longer prefix"),
        ("aaa%", "there is no recording aaa%"),
        ("", "there is no recording"),
        ("b", "there is no recording b"),
        ("a\x1b[31m", "control characters"),
    ],
)
def test_an_id_may_be_shortened_to_a_unique_beginning(given: str, said: str) -> None:
    done = reelgate("verify", given)
    assert done.exit_code == 2
    assert said in done.output
    assert done.output.count("\n") == 1
