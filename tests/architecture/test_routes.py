"""Every route goes through the guard of `create_app`, which `tests/gateway/api/test_access.py` shows to refuse."""

import ast
from collections.abc import Iterator

from fastapi.routing import APIWebSocketRoute

from gateway.app import declared_routes
from tests.architecture.sources import Source, sources

_METHODS = {"api_route", "delete", "get", "head", "options", "patch", "post", "put", "route", "trace"}
_SOCKETS = {"websocket", "websocket_route"}
# Ways to add a route that the guard does not see.
_UNSEEN = {"add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route", "host", "mount"}
# What answers in place of the web pages where they were not built.
_OPEN = {"gateway.pages.not_built"}
# A socket has no dependency that names a permission: its endpoint checks the ticket (test_access.py beside its tests).
_SOCKET_PATHS = {"/api/tunnel"}


def _module(source: Source) -> str:
    return source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _endpoints(source: Source) -> Iterator[str]:
    """Yield the functions that a decorator makes an endpoint, whatever it decorates them for."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                match decorator:
                    case ast.Call(func=ast.Attribute(attr=attr)) if attr in _METHODS | _SOCKETS:
                        yield f"{_module(source)}.{node.name}"


def _unseen(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _UNSEEN:
                yield attr


def test_every_endpoint_is_a_route_that_the_guard_sees() -> None:
    written = {name for source in sources("gateway") for name in _endpoints(source)}
    guarded = {f"{route.endpoint.__module__}.{route.endpoint.__name__}" for _path, route in declared_routes()}
    assert written - _OPEN == guarded
    assert written >= _OPEN


def test_no_route_is_added_another_way() -> None:
    found = {source.path: names for source in sources("gateway") if (names := list(_unseen(source)))}
    assert found == {"gateway/pages.py": ["mount"]}, "only the files of the web pages are for everyone"


def test_sockets_are_those_known_to_check_for_themselves() -> None:
    assert {path for path, route in declared_routes() if isinstance(route, APIWebSocketRoute)} == _SOCKET_PATHS
