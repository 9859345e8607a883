"""Rules of ARCHITECTURE.md on who may import whom that import-linter's contracts (pyproject.toml) do not state."""

from functools import cache
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

_PACKAGES = ("gateway", "workers")
# Rooms are folders; a recording's kind has rooms of its own.
_DEPTHS = {"rooms": 2, "rooms and what is in them": 3, "modules": 9}
# Who knows a desktop folder from outside of them. The stream: the table of kinds, and imports, which are of desktops by
# nature. The proxy: the application, and tests of targets. The workers' folder: commands on a single file. Whoever serves every kind asks the table.
_KNOWS_DESKTOPS = {
    "gateway.core.desktop": {"gateway.core.recording.kinds", "workers.importing.intake", "workers.importing.survey"},
    "gateway.proxies.desktop": {
        "gateway.api.targets.endpoints",
        "gateway.api.targets.schemas",
        "gateway.api.targets.trials",
        "gateway.app",
    },
    "workers.desktop": {
        "workers.commands.render",
        "workers.commands.reread",
        "workers.commands.text",
    },
}
_SERVES_HTTP = (
    "gateway.api.",
    "gateway.app",
    "gateway.requester",
    "gateway.pages",
    "gateway.proxies.",
    "gateway.security",
)


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


@pytest.mark.parametrize("folder", _KNOWS_DESKTOPS)
def test_a_desktop_s_folder_is_known_to_desktop_folders(folder: str) -> None:
    knowing = {
        module
        for module, imported in _imports().items()
        if ".desktop" not in module and any(f"{name}.".startswith(f"{folder}.") for name in imported)
    }
    assert knowing == _KNOWS_DESKTOPS[folder]


def test_http_is_known_to_what_serves_it() -> None:
    knowing = {module for module, imported in _imports().items() if imported & {"fastapi", "starlette"}}
    assert {module for module in knowing if not f"{module}.".startswith(_SERVES_HTTP)} == set()
