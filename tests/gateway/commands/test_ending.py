"""Whatever goes wrong is one line and a documented status, for every command; what only looks makes nothing."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies
from sqlalchemy.exc import OperationalError
from typer.main import get_command

from gateway.cli import whole_program
from gateway.reference import leaves
from tests.parts.postgres import Postgres
from tests.parts.program import reelgate

# What needs an existing installation, with arguments that are otherwise right.
NEEDING_DATA = [
    ("archive", "check"),
    ("audit", "head"),
    ("audit", "verify"),
    ("backup", "backup-folder"),
    ("capacity",),
    ("export", "x", "-o", "/tmp/none.zip"),
    ("keys", "export-public"),
    ("keys", "list"),
    ("keys", "rotate-master"),
    ("keys", "rotate-signing"),
    ("keys", "trust", "site.pem"),
    ("reconcile",),
    ("recordings", "list"),
    ("reread", "--all"),
    ("restore", "x"),
    ("retry", "--failed"),
    ("search", "word"),
    ("sessions", "list"),
    ("targets", "list"),
    ("user", "disable", "x"),
    ("user", "enable", "x"),
    ("user", "list"),
    ("user", "passwd", "x"),
    ("verify", "--all"),
]
OTHERS = {"demo", "up", "migrate", "import", "user add", "openapi", "render", "text", "verify-certificate"}
ids = " ".join


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.fixture
def data(folder: Path, migrated: Path) -> Path:
    folder.mkdir()
    (folder / "reelgate.db").write_bytes(migrated.read_bytes())
    return folder


def refused(*arguments: object, said: str) -> None:
    done = reelgate(*arguments)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert done.stderr.startswith("reelgate: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def alter(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "reelgate.db") as connection:
        connection.execute(statement)
    connection.close()


def test_every_command_is_tried_here() -> None:
    names = {name for name, _command in leaves(get_command(whole_program()))}
    tried = {" ".join(words[: 2 if " ".join(words[:2]) in names else 1]) for words in NEEDING_DATA}
    assert tried | OTHERS == names


@pytest.mark.parametrize("command", NEEDING_DATA, ids=ids)
def test_without_data_nothing_is_made(folder: Path, command: tuple[str, ...]) -> None:
    refused(*command, said=f"no Reelgate data in {folder}; set REELGATE_DATA_DIR to the data folder")
    assert not folder.exists()


@pytest.mark.parametrize("command", [*NEEDING_DATA, ("migrate",)], ids=ids)
def test_a_database_of_another_version_is_refused(data: Path, command: tuple[str, ...]) -> None:
    alter(data, "UPDATE alembic_version SET version_num = '9999'")
    refused(*command, said="another version of Reelgate (schema 9999)")
    assert {path.name for path in data.iterdir()} <= {"reelgate.db", "reelgate.db-wal", "reelgate.db-shm"}


@pytest.mark.parametrize("command", NEEDING_DATA, ids=ids)
def test_an_empty_database_is_refused_with_what_to_run(data: Path, command: tuple[str, ...]) -> None:
    (data / "reelgate.db").write_bytes(b"")
    refused(*command, said="run: reelgate migrate")


@pytest.mark.parametrize("command", [*NEEDING_DATA, ("migrate",)], ids=ids)
def test_a_file_that_is_no_database_is_named(data: Path, command: tuple[str, ...]) -> None:
    (data / "reelgate.db").write_bytes(b"not a database" * 1000)
    refused(*command, said=f"{data}/reelgate.db")


def test_a_damaged_page_is_said(data: Path) -> None:
    alter(data, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray((data / "reelgate.db").read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    (data / "reelgate.db").write_bytes(content)
    refused("targets", "list", said="is damaged: stop Reelgate and restore it from a backup")


def test_a_locked_database_is_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.db.database.BUSY_SECONDS", 0)
    holder = sqlite3.connect(data / "reelgate.db")
    holder.execute("BEGIN EXCLUSIVE")
    refused("keys", "rotate-signing", said="is locked by another program")
    holder.close()


@pytest.mark.parametrize("command", [("verify", "--all"), ("targets", "list"), ("migrate",)], ids=ids)
def test_a_postgresql_that_is_down_is_said_without_the_password(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("REELGATE_DATABASE_URL", "postgresql+psycopg://me:swordfish@127.0.0.1:1/gate")
    refused(*command, said="the database gate on 127.0.0.1:1 (REELGATE_DATABASE_URL) cannot be used: ")
    assert "swordfish" not in reelgate(*command).output
    assert folder.parent.exists()


def test_an_empty_postgresql_is_refused_with_what_to_run(
    folder: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not folder.exists()
    monkeypatch.setenv("REELGATE_DATABASE_URL", postgres.create_database())
    refused("search", "word", said="run: reelgate migrate")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "REELGATE_PORT is 'abc': "),
        ("PORT", "70000", "less than or equal to 65535"),
        ("HOT_DAYS", "-3", "REELGATE_HOT_DAYS is '-3': "),
        ("HOT_DAYS", "nan", "REELGATE_HOT_DAYS is 'nan': "),
        ("PURGE_GRACE_DAYS", "1e300", "REELGATE_PURGE_GRACE_DAYS"),
        ("LOG_LEVEL", "loud", "REELGATE_LOG_LEVEL is 'LOUD'"),
        ("LOG_LEVEL", "\x1b[31m", "REELGATE_LOG_LEVEL is"),
        ("GUACD", "here", "HOST:PORT"),
        ("S3_ENDPOINT", "store", "URL of the S3-compatible store"),
        ("DATABASE_URL", "mysql://root:swordfish@db/x", "REELGATE_DATABASE_URL: it must be postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql+psycopg://u:swordfish@h:port/x", "REELGATE_DATABASE_URL: it must be"),
        ("DATABASE_URL", "swordfish", "REELGATE_DATABASE_URL: it must be"),
        ("REDIS_URL", "http://:swordfish@x", "REELGATE_REDIS_URL: it must start with redis://"),
        ("DATA_DIR", "/proc/nope", "REELGATE_DATA_DIR"),
    ],
)
@pytest.mark.parametrize("command", [("migrate",), ("up",), ("verify", "--all")], ids=ids)
def test_a_wrong_setting_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"REELGATE_{name}", value)
    refused(*command, said=said)
    assert "swordfish" not in reelgate(*command).output
    assert "\x1b" not in reelgate(*command).output
    assert not folder.exists()


def test_a_data_folder_that_is_a_file_is_said(folder: Path) -> None:
    folder.write_text("a file")
    refused("migrate", said=f"the data folder {folder} cannot be created")
    refused("targets", "list", said="no Reelgate data")


def test_an_unknown_variable_is_warned_of(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert data
    monkeypatch.setenv("REELGATE_DATADIR", "x")
    monkeypatch.setenv("REELGATE_GUACD_ROOT", "x")
    done = reelgate("targets", "list")
    assert done.exit_code == 0
    assert done.stderr == "reelgate: REELGATE_DATADIR is not a setting; did you mean REELGATE_DATA_DIR?\n"


def test_an_unexpected_error_is_one_line_and_a_log(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_session: object) -> None:
        raise ZeroDivisionError("a \x1b[31mfault")

    monkeypatch.setattr("gateway.db.repositories.targets.all_with_credentials", broken)
    done = reelgate("targets", "list")
    log = data / "log" / "commands.log"
    assert (done.exit_code, done.stdout) == (70, "")
    assert done.stderr == f"reelgate: unexpected ZeroDivisionError: a \ufffd[31mfault; details are in {log}\n"
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600
    told = reelgate("--verbose", "targets", "list")
    assert told.exit_code == 70
    assert "Traceback (most recent call last)" in told.stderr
    assert "\x1b" not in told.stderr


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "reelgate: interrupted\n"),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (PermissionError(13, "Permission denied", "/x\x1b/y"), 2, "reelgate: /x\ufffd/y: Permission denied\n"),
        (OperationalError("x", {}, sqlite3.OperationalError("no such table")), 70, "unexpected OperationalError"),
    ],
)
def test_other_endings(
    data: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, said: str
) -> None:
    assert data

    def broken(_session: object) -> None:
        raise error

    monkeypatch.setattr("gateway.db.repositories.targets.all_with_credentials", broken)
    done = reelgate("targets", "list")
    assert done.exit_code == status
    assert done.stderr == said if status != 70 else said in done.stderr


def test_wrong_arguments_are_one_line() -> None:
    for arguments in (("impot",), ("import",), ("import", "x", "--target"), ("user", "add", "x"), ("--no\x1bsuch",)):
        refused(*arguments, said="reelgate: ")


def test_help_and_version_are_plain() -> None:
    assert reelgate("--version").stdout.startswith("reelgate 0.")
    for arguments in (("-h",), ("import", "-h"), ("audit", "verify", "--help")):
        done = reelgate(*arguments)
        assert done.exit_code == 0
        assert done.stdout.startswith("Usage: reelgate")
        assert "\x1b" not in done.stdout


def test_the_program_ends_quietly_when_nobody_reads(data: Path) -> None:
    command = f"{sys.executable} -m gateway openapi | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"{command}; printf ' %s' ${{PIPESTATUS[0]}}"],
        env={**os.environ, "REELGATE_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.split()[-1] == "141"


def _commands() -> Iterator[tuple[str, ...]]:
    for name, _command in leaves(get_command(whole_program())):
        if name not in {"up", "demo", "openapi"}:
            yield tuple(name.split())


ODD = strategies.one_of(
    strategies.sampled_from(
        [
            *("", "-", "--", "--all", "--wait", "--json", "-o", "--target", "--limit", "--since", "--engine", "--days"),
            *(
                "nan",
                "inf",
                "-1",
                "1e400",
                "0001-01-01T00:00:00+14:00",
                "9999-12-31T23:59:59-14:00",
                "../..",
                "/dev/null",
            ),
            *("a\x1b[31mb", "\u202e", "m\udcffller", "[bold]", "x" * 5000, "%", "'; DROP TABLE users; --", "\x7f"),
            *("--started-at", "--operator", "--before", "--clip", "--region", "--password-file", "/proc/self/mem"),
        ]
    ),
    strategies.text(strategies.characters(exclude_characters="\x00", codec=None), max_size=20),
)


@pytest.mark.parametrize("command", list(_commands()), ids=ids)
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arguments=strategies.lists(ODD, max_size=5))
def test_odd_arguments_never_end_in_a_traceback(folder: Path, command: tuple[str, ...], arguments: list[str]) -> None:
    done = reelgate(*command, *arguments, text="")
    assert done.exit_code in {0, 1, 2}, done.output
    assert "Traceback" not in done.output
    assert all(char.isprintable() or char in "\n\ufffd" for char in done.output)
    if done.exit_code == 2:
        assert done.stderr.count("\n") >= 1
    if command not in {("migrate",), ("user", "add"), ("import",)}:
        assert not folder.exists()
