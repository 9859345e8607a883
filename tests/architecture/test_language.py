"""Names and docstrings in gateway and workers use the words of ARCHITECTURE.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

_ROOT: Final = Path(__file__).parents[2]
# Words that names must not contain, each with the word to use instead.
_NAMES: Final = {
    "promise": "requirement",
    "wanted": "request, or what it is",
    "told": "reported, audited",
    "asked": "requested",
    "asker": "requester",
    "tries": "attempts",
    "lane": "write thread",
    "misfit": "mismatch",
    "amiss": "damaged",
    "situation": "context",
    "order": "task, or the column to sort by",
}
_PROSE: Final = {
    r"\bCallers?:": "an editor finds callers",
    r"^Have (it|the|every|a|an|what)\b": "say what the function does, in the imperative",
    r"(?<!there )\b(is|are) none\b": "is not, there is no",
    r"\bamiss\b": "damaged",
}
# `order` also means a sequence.
_SORT_ORDER: Final = re.compile(r"(^|_)(in_order|order_by|stage_order|reading_order|reorder)", re.IGNORECASE)


def _sources() -> list[Path]:
    return sorted(path for package in ("gateway", "workers") for path in (_ROOT / package).rglob("*.py"))


def _definitions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.lineno, node.target.id


def _words(name: str) -> set[str]:
    """Split a name in any case into lower-case singular words."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return {word.lower() for word in parts} | {word.lower().removesuffix("s") for word in parts}


def _faults(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    for line, name in _definitions(tree):
        for word in _NAMES.keys() & _words(name):
            if not _SORT_ORDER.search(name):
                yield f"{line}: {name}: not {word!r} but {_NAMES[word]}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            text = ast.get_docstring(node) or ""
            for pattern, advice in _PROSE.items():
                if found := re.search(pattern, text, re.MULTILINE):
                    yield f"{getattr(node, 'lineno', 1)}: {found[0]!r}: {advice}"


def test_names_and_docstrings_use_the_projects_words() -> None:
    found = [f"{path.relative_to(_ROOT)}:{fault}" for path in _sources() for fault in _faults(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("class PromiseCheck: ...", "1: PromiseCheck: not 'promise' but requirement"),
        ("asked_by: str", "1: asked_by: not 'asked' but requested"),
        ('def f():\n    """Have it done."""', "1: 'Have it': say what the function does, in the imperative"),
        ('"""Jobs. Callers: the API."""', "1: 'Callers:': an editor finds callers"),
    ],
)
def test_a_fault_is_found(source: str, fault: str) -> None:
    assert list(_faults(source)) == [fault]
