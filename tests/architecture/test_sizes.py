"""Functions and files stay small enough to be read in one go."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, sources

_FOLDERS = ("gateway", "workers", "tests")
# Of a function's body: a command's signature is a list of its options. Half of all functions have six lines or fewer, and
# nine in ten no more than 17.
_MOST_BODY_LINES = 40
_MOST_FILE_LINES = 400
# Why a file may be longer.
_LONG_FILES = {
    "gateway/db/migrations/versions/0001_first_tables.py": "all tables, one after the other",
    "workers/export/verifier.py": "a program in one file: it goes into each export, for people without Reelgate",
}
_LONG_FUNCTIONS = {"gateway/db/migrations/versions/0001_first_tables.py": "tables, column by column"}


def _long_functions(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            line_count = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
            if line_count > _MOST_BODY_LINES:
                yield f"{source.path}: {node.name} has {line_count} lines"


def _is_long(source: Source) -> bool:
    return len(source.text.splitlines()) > _MOST_FILE_LINES


def test_functions_are_short() -> None:
    found = [
        name for source in sources(*_FOLDERS) if source.path not in _LONG_FUNCTIONS for name in _long_functions(source)
    ]
    assert found == []


def test_files_are_short() -> None:
    assert {source.path for source in sources(*_FOLDERS) if _is_long(source)} == _LONG_FILES.keys()


def test_a_line_too_many_is_seen() -> None:
    for line_count in (_MOST_BODY_LINES, _MOST_BODY_LINES + 1):
        for head in ("def f():", "async def f():", "class C:\n  def f(self):"):
            source = Source("x.py", head + "\n   x = 1" * line_count)
            assert bool(list(_long_functions(source))) is (line_count > _MOST_BODY_LINES)
    for line_count in (_MOST_FILE_LINES, _MOST_FILE_LINES + 1):
        assert _is_long(Source("x.py", "x = 1\n" * line_count)) is (line_count > _MOST_FILE_LINES)
