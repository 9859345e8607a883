"""The web application: routes, tunnel, security headers, the built pages, and what lives as long as the process.

The supervisor runs it with `uvicorn gateway.app:serve --factory`.
"""

import asyncio
import errno
import gc
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, APIWebSocketRoute
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from gateway import node
from gateway.api.audit.endpoints import router as audit_router
from gateway.api.auth.endpoints import router as auth_router
from gateway.api.capacity.endpoints import router as capacity_router
from gateway.api.custody.endpoints import router as custody_router
from gateway.api.deps import PERMISSION
from gateway.api.exports.endpoints import router as exports_router
from gateway.api.exports.public import router as export_links_router
from gateway.api.findings.endpoints import router as findings_router
from gateway.api.holds.endpoints import router as holds_router
from gateway.api.protocols.endpoints import router as protocols_router
from gateway.api.purges.endpoints import router as purges_router, standing_router
from gateway.api.recordings.endpoints import router as recordings_router
from gateway.api.retention_policies.endpoints import router as retention_policies_router
from gateway.api.search.endpoints import router as search_router
from gateway.api.sessions.endpoints import router as sessions_router
from gateway.api.storage.endpoints import router as storage_router
from gateway.api.system.endpoints import public as system_public, router as system_router
from gateway.api.targets.endpoints import router as targets_router
from gateway.api.users.endpoints import router as users_router
from gateway.api.watch_terms.endpoints import router as watch_terms_router
from gateway.context import GatewayState
from gateway.core import errors
from gateway.db.database import is_unavailable
from gateway.keys.folder import KeyMissingError
from gateway.keys.site import open_database
from gateway.pages import mount_pages
from gateway.private_files import prepare
from gateway.proxies.desktop.endpoint import router as tunnel_router
from gateway.security import SecurityMiddleware
from gateway.sessions import recovery
from gateway.sessions.control import carry_out_commands
from gateway.sessions.live_state import LiveState
from gateway.sessions.registry import LiveSessions
from gateway.settings import Settings, get_settings
from gateway.storage.files import RecordingFiles
from gateway.telemetry import configure_logging, get_logger
from gateway.web_server import raise_descriptor_limit
from gateway.work import jobs

# Routes that need no sign-in. Every other route must depend on a permission, or the application does not start.
PUBLIC: Final = frozenset(
    {"/health", "/api/auth/sign-in", "/api/auth/me", "/api/export_links/describe", "/api/export_links/download"}
)

_PREFIX: Final = "/api"
_RESOURCES: Final = (
    auth_router,
    users_router,
    protocols_router,
    targets_router,
    sessions_router,
    recordings_router,
    search_router,
    watch_terms_router,
    findings_router,
    retention_policies_router,
    holds_router,
    purges_router,
    standing_router,
    exports_router,
    export_links_router,
    audit_router,
    custody_router,
    storage_router,
    capacity_router,
    system_router,
    tunnel_router,
)
_STATUS: Final[dict[type[errors.ReelgateError], HTTPStatus]] = {
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.GoneError: HTTPStatus.GONE,
    errors.ConflictError: HTTPStatus.CONFLICT,
    errors.InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DamagedError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.TooManyAttemptsError: HTTPStatus.TOO_MANY_REQUESTS,
}
# A person is waiting for the response; a worker may wait longer for the database.
_BUSY_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 5
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_log = get_logger()


def serve() -> FastAPI:
    """Create the application in its own process.

    Exempts what is loaded by now from garbage collection: scanning its 200,000 objects would stall every live session
    for 0.1 s.
    """
    prepare(get_settings())
    raise_descriptor_limit()
    app = create_app()
    gc.collect()
    gc.freeze()
    return app


def create_app(settings: Settings | None = None) -> FastAPI:
    """Create the application; the database must already be migrated."""
    settings = settings or get_settings()
    configure_logging(level=settings.log_level, as_json=settings.log_json)
    app = FastAPI(
        title="Reelgate",
        summary="Session recording gateway for privileged access",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    for router in _RESOURCES:
        # With a prefix: without one FastAPI builds every route, to check its path, and then builds it again on use.
        app.include_router(router, prefix=_PREFIX)
    app.include_router(system_public)
    for kind, status in _STATUS.items():
        app.add_exception_handler(kind, _error_handler(status))
    for broken in (SQLAlchemyError, OSError):
        app.add_exception_handler(broken, _out_of_task)
    app.add_exception_handler(RequestValidationError, _invalid)
    unguarded = [path for path in _unguarded(declared_routes()) if path not in PUBLIC]
    if unguarded:
        raise RuntimeError(f"routes without a permission: {', '.join(unguarded)}")
    mount_pages(app, settings.web_dir)
    app.add_middleware(SecurityMiddleware, settings=settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    database = open_database(settings, _BUSY_SECONDS)
    sender = jobs.JobSender(settings)
    state = LiveState(
        settings=settings,
        database=database,
        gateway_id=node.gateway_id(settings),
        registry=LiveSessions(),
        files=RecordingFiles(settings, database),
        send_job=sender.send,
    )
    app.state.gateway = state
    key_id = await asyncio.to_thread(_signing_key_id, state)
    await asyncio.to_thread(recovery.recover, state)
    background = [
        asyncio.create_task(recovery.keep_alive(state)),
        asyncio.create_task(carry_out_commands(state)),
        asyncio.create_task(state.integrity.keep_checking(database)),
    ]
    _log.info("gateway.started", gateway_id=state.gateway_id, signing_key_id=key_id)
    try:
        yield
    finally:
        await state.registry.close_all()
        for task in background:
            task.cancel()
        state.password_checks.close()
        sender.close()
        database.close()
        _log.info("gateway.stopped", gateway_id=state.gateway_id)


def _signing_key_id(state: GatewayState) -> str:
    """Return the signing key's id. A gateway without its keys does not start."""
    try:
        return state.keys.signer().key_id
    except KeyMissingError as error:
        _log.error("gateway.not_started", reason=str(error))
        raise


def _error_handler(status: HTTPStatus) -> Any:
    def answer(_request: Request, error: Exception) -> JSONResponse:
        retry_seconds = getattr(error, "retry_seconds", None)
        headers = None if retry_seconds is None else {"Retry-After": str(retry_seconds)}
        field = getattr(error, "field", None)
        named = {} if field is None else {"field": field}
        return JSONResponse({"detail": str(error), **named}, status, headers)

    return answer


async def _out_of_task(connection: HTTPConnection, error: Exception) -> JSONResponse:
    """Respond 503 while the database is unavailable or a disk is full, with one line in the log. Bugs still raise."""
    if (
        not (isinstance(error, SQLAlchemyError) and is_unavailable(error))
        and getattr(error, "errno", None) not in _FULL
    ):
        raise error
    _log.error("storage.unavailable", path=connection.scope["path"], error=type(error).__name__, reason=_reason(error))
    detail = "the gateway cannot read or write its data at the moment; try again in a few seconds"
    response = JSONResponse({"detail": detail}, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(_RETRY_SECONDS)})
    if isinstance(connection, WebSocket):
        await connection.send_denial_response(response)
    return response


def _reason(error: Exception) -> str:
    """Return the driver's message on one line, without the statement and its values."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(cause).split())[:200]


# The bounds of a field, which tell what is allowed; other context may repeat what was given.
_BOUNDS: Final = ("ge", "gt", "le", "lt", "min_length", "max_length")


def _limits(context: Mapping[str, Any]) -> dict[str, int | float]:
    return {name: context[name] for name in _BOUNDS if isinstance(context.get(name), int | float)}


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    """Say which field is wrong and why, without its value: it may be a password, or not JSON at all."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    detail = [
        {
            "type": one["type"],
            "loc": [_printable(part) for part in one["loc"]],
            "msg": one["msg"],
            "ctx": _limits(one.get("ctx", {})),
        }
        for one in found
    ]
    return JSONResponse({"detail": detail}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _printable(part: str | int) -> str | int:
    """Return a field's path; the names of unknown fields come from the client."""
    return part if isinstance(part, int) else ascii(part)[1:-1][:100]


def declared_routes() -> Iterator[tuple[str, APIRoute | APIWebSocketRoute]]:
    """Return all routes with full paths, from the routers: an application does not list included ones."""
    for prefix, router in (*((_PREFIX, router) for router in _RESOURCES), ("", system_public)):
        for route in router.routes:
            if not isinstance(route, APIRoute | APIWebSocketRoute):
                raise TypeError(f"unexpected route type {type(route).__name__}: its permission cannot be checked")
            yield prefix + route.path, route


def _unguarded(routes: Iterable[tuple[str, APIRoute | APIWebSocketRoute]]) -> Iterator[str]:
    """Return paths of HTTP routes without a permission; sockets check for themselves."""
    for path, route in routes:
        if isinstance(route, APIRoute) and not _has_permission(route.dependant):
            yield path


def _has_permission(dependant: Any) -> bool:
    return hasattr(dependant.call, PERMISSION) or any(_has_permission(child) for child in dependant.dependencies)
