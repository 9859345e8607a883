"""`reelgate search`, as a person runs it."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gateway.commands.search import search
from gateway.core.errors import InvalidInputError, UnavailableError
from gateway.db.database import Database
from gateway.settings import get_settings
from tests.gateway.search.conftest import Archive, Line

app = typer.Typer()
app.command()(search)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("REELGATE_DATABASE_URL", raising=False)
    get_settings.cache_clear()
    return tmp_path


@pytest.fixture
def filled(data_dir: Path, migrated: Path) -> Path:
    shutil.copy(migrated, data_dir / "reelgate.db")
    database = Database(f"sqlite:///{data_dir / 'reelgate.db'}")
    Archive(database).add("r", [Line(f"root {at} \x1b[31m", at * 1000) for at in range(250)] + ["r0ot"])
    database.close()
    return data_dir


def test_json_hits(filled: Path) -> None:
    assert filled
    result = CliRunner().invoke(app, ["root 17", "--json"])
    assert result.exit_code == 0, result.output
    hits = json.loads(result.stdout)
    assert [(hit["recording"], hit["offset_ms"], hit["source"], hit["match"]) for hit in hits] == [
        ("r", 17_000, "screen", "exact")
    ]


def test_lines_are_safe_for_a_terminal_and_not_capped_at_a_page(filled: Path) -> None:
    assert filled
    result = CliRunner().invoke(app, ["root", "--limit", "1000"])
    lines = result.stdout.splitlines()
    assert len(lines) == 251
    assert lines[0].startswith("2026-10-01 08:04:09Z alice@web-1 r +249.0s screen: root 249")
    assert lines[-1].endswith("screen ~: r0ot")
    assert "\x1b" not in result.stdout
    assert result.stderr == "251 hits in 1 recording, nothing to see\n"


def test_what_was_looked_at_is_said_where_nothing_was_found(filled: Path) -> None:
    assert filled
    result = CliRunner().invoke(app, ["nowhere"])
    assert (result.stdout, result.stderr) == ("", "0 hits in 1 recording, nothing to see\n")
    assert CliRunner().invoke(app, ["root", "--limit", "2"]).stderr.startswith("the first 2 hits in ")


@pytest.mark.parametrize("query", ["", "-x", "x before:never"])
def test_a_bad_query_is_one_clear_error(filled: Path, query: str) -> None:
    assert filled
    result = CliRunner().invoke(app, ["--", query])
    assert isinstance(result.exception, InvalidInputError)


def test_without_a_database_nothing_is_made(data_dir: Path) -> None:
    result = CliRunner().invoke(app, ["root"])
    assert isinstance(result.exception, UnavailableError)
    assert list(data_dir.iterdir()) == []


def test_a_file_that_is_no_database_is_one_clear_error(data_dir: Path) -> None:
    (data_dir / "reelgate.db").write_bytes(b"not a database" * 100)
    result = CliRunner().invoke(app, ["root"])
    assert isinstance(result.exception, UnavailableError)
