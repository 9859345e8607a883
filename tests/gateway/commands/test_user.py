"""`reelgate user`: accounts without the web pages."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.db.database import Database
from gateway.db.models import AuditEvent
from gateway.db.repositories import users
from gateway.identity.passwords import verify_password
from gateway.settings import Settings
from tests.parts.program import reelgate

OLD, NEW = "a long old password", "another long password"


@pytest.fixture(autouse=True)
def _data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """With Ada, the only administrator; the command makes folder and database."""
    done = reelgate("user", "add", "Ada", "--role", "admin", "--password-file", "-", text=OLD)
    assert (done.exit_code, done.stdout) == (0, "user ada was added as admin\n"), done.output
    database = Database(Settings(data_dir=tmp_path / "data").database)
    yield database
    database.close()


def test_accounts_are_listed_without_their_hashes(database: Database) -> None:
    assert database
    shown = reelgate("user", "list")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[1].split()[:3] == ["ada", "admin", "enabled"]
    [row] = json.loads(reelgate("user", "list", "--json").stdout)
    assert (row["username"], row["role"], row["disabled_at"]) == ("ada", "admin", None)
    assert "password_hash" not in row


def test_a_lost_password_is_set_anew_and_audited(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(NEW + "\n")
    assert reelgate("user", "passwd", "ada", "--password-file", file).exit_code == 0
    with database.read() as session:
        user = users.by_username(session, "ada")
        assert user is not None
        assert verify_password(NEW, user.password_hash)
        event = session.exec(select(AuditEvent).order_by(AuditEvent.id.desc())).first()  # type: ignore[union-attr]
    assert event is not None
    assert (event.tag, event.details["fields"]) == ("api:user:changed", ["password"])


def test_a_password_is_asked_for_at_the_terminal(database: Database) -> None:
    done = reelgate("user", "passwd", "ada", text=f"{NEW}\n{NEW}\n")
    assert done.exit_code == 0
    assert NEW not in done.output
    with database.read() as session:
        user = users.by_username(session, "ada")
        assert user is not None
        assert verify_password(NEW, user.password_hash)


def test_accounts_are_disabled_and_enabled_but_not_the_last_admin(database: Database) -> None:
    assert database
    reelgate("user", "add", "otto", "--role", "operator", "--password-file", "-", text=OLD)
    assert reelgate("user", "disable", "otto").stdout == "otto is disabled\n"
    assert "disabled 20" in reelgate("user", "list").stdout
    assert reelgate("user", "enable", "otto").stdout == "otto is enabled\n"
    refused = reelgate("user", "disable", "ada")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "reelgate: this is the last enabled admin; create another one first\n",
    )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("passwd", "nobody", "--password-file", "-"), NEW),
        (("passwd", "ada", "--password-file", "-"), "short"),
        (("passwd", "ada", "--password-file", "-"), b"\xff" * 20),
        (("passwd", "ada", "--password-file", "-"), "x" * 5000),
        (("passwd", "ada", "--password-file", "/no/such/file"), ""),
        (("add", "ada", "--role", "admin", "--password-file", "-"), NEW),
        (("add", "bad name!", "--role", "admin", "--password-file", "-"), NEW),
        (("add", "eve", "--role", "god", "--password-file", "-"), NEW),
        (("add", "eve", "--role", "admin", "--display-name", "\x1b[31m", "--password-file", "-"), NEW),
    ],
)
def test_what_cannot_be_done_is_one_line(database: Database, arguments: tuple[str, ...], text: str | bytes) -> None:
    done = reelgate("user", *arguments, text=text)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.output
    assert "\x1b" not in done.output
    with database.read() as session:
        [user] = users.all_users(session)
    assert verify_password(OLD, user.password_hash)
