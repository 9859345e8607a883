"""Rules on how programs are started."""

import ast
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def test_no_code_of_ours_runs_between_fork_and_exec() -> None:
    """Threads may hold locks at the fork that such code needs; Python 3.12 and later warn of it."""
    found = [
        f"{path.relative_to(_ROOT)}:{node.value.lineno}"
        for folder in ("gateway", "workers", "tests")
        for path in sorted((_ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword) and node.arg == "preexec_fn"
    ]
    assert found == []
