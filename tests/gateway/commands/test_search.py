"""`reelgate search`, as a person runs it."""

import json
import shutil
from pathlib import Path

import pytest

from gateway.db.database import Database
from gateway.settings import get_settings
from tests.gateway.search.conftest import Archive, Line
from tests.parts.program import reelgate


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
    result = reelgate("search", "root 17", "--json")
    assert result.exit_code == 0, result.output
    hits = json.loads(result.stdout)
    assert [(hit["recording"], hit["offset_ms"], hit["source"], hit["match"]) for hit in hits] == [
        ("r", 17_000, "screen", "exact")
    ]


def test_lines_are_safe_for_a_terminal_and_not_capped_at_a_page(filled: Path) -> None:
    assert filled
    result = reelgate("search", "root", "--limit", "1000")
    lines = result.stdout.splitlines()
    assert len(lines) == 251
    assert lines[0].startswith("2026-10-01 08:04:09Z alice@web-1 r +249.0s screen: root 249")
    assert lines[-1].endswith("screen ~: r0ot")
    assert "\x1b" not in result.stdout
    assert result.stderr == "251 hits in 1 recording, nothing to see\n"


def test_what_was_looked_at_is_said_where_nothing_was_found(filled: Path) -> None:
    assert filled
    result = reelgate("search", "nowhere")
    assert (result.stdout, result.stderr) == ("", "0 hits in 1 recording, nothing to see\n")
    assert reelgate("search", "root", "--limit", "2").stderr.startswith("the first 2 hits in ")


@pytest.mark.parametrize("query", ["", "-x", "x before:never"])
def test_a_bad_query_is_one_clear_error(filled: Path, query: str) -> None:
    assert filled
    result = reelgate("search", "--", query)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)


def test_without_a_database_nothing_is_made(data_dir: Path) -> None:
    result = reelgate("search", "root")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"reelgate: no Reelgate data in {data_dir}; set REELGATE_DATA_DIR to the data folder\n"
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--operator", "alice"), "operator:alice"),
        (("--operator", "bob"), "operator:bob"),
        (("--operator", 'ali"ce" OR x'), 'operator:"ali ce OR x"'),
        (("--target", "web-1", "--source", "screen"), "target:web-1 screen:"),
        (("--source", "keys"), "keys:"),
        (("--after", "2026-10-01T10:02:00+02:00"), "after:2026-10-01T08:02"),
        (("--before", "2026-10-01T08:02:00Z"), "before:2026-10-01T08:02"),
        (("--recording", "r"), ""),
    ],
)
def test_options_narrow_as_the_language_does(filled: Path, options: tuple[str, ...], words: str) -> None:
    assert filled
    narrowed = reelgate("search", "root", "--limit", 1000, *options)
    assert narrowed.exit_code == 0, narrowed.output
    assert narrowed.stdout == reelgate("search", f"{words} root", "--limit", 1000).stdout
    assert bool(narrowed.stdout) is ("bob" not in words and "keys" not in words and "OR" not in words)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("root", "--operator", "!!!"), "no letter or digit"),
        (("OR root", "--operator", "alice"), "OR needs a word on both sides"),
        (("root", "--before", "soon"), "is not an ISO 8601 time"),
        (("root", "--after", "0001-01-01T00:00:00+14:00"), "is not an ISO 8601 time"),
        (("root", "--recording", "zzz"), "there is no recording zzz"),
        (("root", "--source", "dreams"), "--source"),
    ],
)
def test_options_that_cannot_be_used_are_named(filled: Path, arguments: tuple[str, ...], said: str) -> None:
    assert filled
    result = reelgate("search", *arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr
