"""Rules of ARCHITECTURE.md on who may import whom that import-linter's contracts (pyproject.toml) do not state."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("gateway", "workers")
# Rooms are folders; a recording's kind has rooms of its own.
_DEPTHS = {"rooms": 2, "rooms and what is in them": 3, "modules": 9}
# What knows how a desktop's stream is made outside the desktop folders. Imports are of desktops by nature; the others lose
# it when a second kind of recording comes in (a stream's clock and units, how an ending is told to a browser).
_KNOWS_DESKTOPS = {
    "gateway.core.recording.kinds",
    "workers.running.original",
    "workers.seal.findings",
    "workers.importing.intake",
    "workers.importing.survey",
}
_SERVES_HTTP = ("gateway.api.", "gateway.app", "gateway.asker", "gateway.pages", "gateway.proxies.", "gateway.security")
_MOST_FUNCTION_LINES = 50
_MOST_FILE_LINES = {"gateway": 400, "workers": 400, "tests": 500}
# One file by its nature: a program of its own that goes into each export as it is; tables one after the other.
_LONG = {"workers/export/verifier.py", "gateway/db/migrations/versions/0001_first_tables.py"}
# Queries that have not come home to gateway/db yet: none is added.
_QUERIES_ELSEWHERE = {
    "gateway/api/system/evidence.py",
    "gateway/api/system/metrics.py",
    "gateway/audit/check.py",
    "gateway/audit/checkpoints.py",
    "gateway/audit/trail.py",
    "gateway/audit/viewing.py",
    "gateway/capacity/history.py",
    "gateway/capacity/sample.py",
    "gateway/commands/keys.py",
    "gateway/evidence/missing.py",
    "gateway/evidence/rows.py",
    "gateway/evidence/testimony.py",
    "gateway/keyring.py",
    "gateway/sessions/closing.py",
    "gateway/storage/archive_checks.py",
    "gateway/targets/credentials.py",
    "workers/reconcile/read_back.py",
    "workers/reconcile/repair.py",
    "workers/seal/gaps.py",
}


@cache
def _imports() -> dict[str, set[str]]:
    graph = grimp.build_graph(*_PACKAGES, include_external_packages=True)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def _circle(imports: dict[str, set[str]], depth: int) -> list[str]:
    """Rooms that import each other in a circle; empty where there is none."""
    arrows: dict[str, set[str]] = {}
    for module, imported in imports.items():
        room = ".".join(module.split(".")[:depth])
        arrows.setdefault(room, set()).update({".".join(name.split(".")[:depth]) for name in imported} - {room})
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("depth", _DEPTHS.values(), ids=_DEPTHS)
def test_nothing_imports_in_a_circle(depth: int) -> None:
    assert _circle(_imports(), depth) == []


def test_a_circle_is_found() -> None:
    assert set(_circle({"a.b.c": {"a.d.e"}, "a.d.f": {"a.b.g"}}, 2)) == {"a.b", "a.d"}


def test_what_a_desktop_is_made_of_is_known_to_desktop_folders() -> None:
    knowing = {
        module
        for module, imported in _imports().items()
        if ".desktop" not in module and any(name.startswith("gateway.core.desktop") for name in imported)
    }
    assert knowing == _KNOWS_DESKTOPS


def test_http_is_known_to_what_serves_it() -> None:
    knowing = {module for module, imported in _imports().items() if imported & {"fastapi", "starlette"}}
    assert {module for module in knowing if not f"{module}.".startswith(_SERVES_HTTP)} == set()


def _files(*folders: str) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(_ROOT)), path.read_text()


def test_functions_are_short() -> None:
    long = [
        f"{name}: {node.name}"
        for name, text in _files(*_PACKAGES)
        if name not in _LONG
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= _MOST_FUNCTION_LINES
    ]
    assert long == []


def test_files_are_short() -> None:
    long = {name for name, text in _files(*_MOST_FILE_LINES) if text.count("\n") > _MOST_FILE_LINES[name.split("/")[0]]}
    assert long == _LONG


def test_queries_are_in_the_database_s_folder() -> None:
    queried = re.compile(r"^from sql(?:model|alchemy) import .*\bselect\b|\bsqlalchemy\.select\(", re.MULTILINE)
    found = {name for name, text in _files(*_PACKAGES) if queried.search(text)}
    assert {name for name in found if not name.startswith(("gateway/db/", "gateway/search/"))} == _QUERIES_ELSEWHERE
