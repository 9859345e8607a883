"""Reelgate's own parts as children: redis, guacd, timer, workers, web server; outside ones are left out.

The web server comes last and so ends first, while everything its sessions need still runs.
"""

import sys
from pathlib import Path
from typing import Final

from gateway.core.work import Queue
from gateway.guacd_address import UNIX
from gateway.sandbox import seccomp
from gateway.settings import Settings
from gateway.supervisor import listening
from gateway.supervisor.child import Child
from gateway.supervisor.guacd import guacd
from gateway.supervisor.probes import answers_http, free_port
from gateway.supervisor.redis import redis_server, redis_url
from gateway.telemetry import get_logger

_logger = get_logger()
# Room for a clipboard of a megabyte in base64; nothing else a browser sends is near it.
_WEB_SOCKET_BYTES = 2 * 2**20
_WEB_STOP_SECONDS = 10
# An interrupted stage is repeated, so shutdown does not wait for a long one.
_WORKER_STOP_SECONDS = 10.0

# How Celery's programs are started, here and in docker-compose.yml. Live sessions have CPU priority.
NICENESS: Final = 10
BEAT: Final = ("-A", "workers.app", "beat", "--pidfile=")
# Threads of one process, because these jobs are short and wait for disk and database: one process's memory for all.
# Ten: three seal (`workers.jobs`), and timers that can take long (archive, holds, retention, purges, exports) are six.
SEALER: Final = (
    *("-A", "workers.app", "worker", "--queues", f"{Queue.TIMERS},{Queue.SEAL}"),
    *("--pool", "threads", "--concurrency", "10", "--without-gossip", "--without-mingle"),
)
# Both queues in one pool of processes, which takes the most urgent of both. Containers have a worker for each, because only
# there the one that renders can be kept from the signing keys: processes of one account can read the same files.
WORKER: Final = (
    *("-A", "workers.app", "worker", "--queues", f"{Queue.RENDER},{Queue.WORK}"),
    *("--without-gossip", "--without-mingle"),
)


def broker(settings: Settings, sockets: Path) -> tuple[Settings, list[Child]]:
    """Return the private redis-server, unless an external one is set, and the settings that point to the one in use."""
    if settings.redis_url is not None:
        return settings, []
    folder = settings.data_dir.absolute() / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    socket = sockets / "redis.sock"
    child = redis_server(socket, folder, log=_log(settings, "redis"))
    return _with(settings, redis_url=redis_url(socket)), [child]


def remote_desktop(settings: Settings, sockets: Path) -> tuple[Settings, list[Child]]:
    """Return the private guacd, unless an external one is set, and the settings that point to the one in use.

    It is reached through a unix socket in `sockets`. If the kernel does not support that, it listens on a loopback
    port, which every account of the machine can reach; a warning is logged. Raises UnavailableError if no guacd is
    installed.
    """
    if settings.guacd is not None:
        return settings, []
    log = _log(settings, "guacd")
    if seccomp.can_notify():
        path = sockets / "guacd.sock"
        return _with(settings, guacd=f"{UNIX}{path}"), [guacd(path, log=log)]
    port = free_port()
    _logger.warning("guacd.exposed", address=f"127.0.0.1:{port}", reason="the kernel is older than Linux 5.9")
    return _with(settings, guacd=f"127.0.0.1:{port}"), [guacd(("127.0.0.1", port), log=log)]


def workers(settings: Settings) -> list[Child]:
    """Return the Celery timer, the worker for timers and sealing, and the worker for heavy work."""
    schedule = settings.run_dir.absolute() / "beat-schedule"
    return [
        _celery(settings, "beat", *BEAT, "--schedule", str(schedule)),
        _celery(settings, "sealer", *SEALER),
        _celery(settings, "worker", *WORKER, "--concurrency", str(settings.worker_processes)),
    ]


def _celery(settings: Settings, name: str, *arguments: str) -> Child:
    # If root starts it, everything except guacd and the desktops runs as root; Celery need not warn at each start.
    celery = (sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "-q")
    # The workers of one machine need no gossip between nodes.
    alone = () if name == "beat" else ("--without-heartbeat", "--hostname", f"{name}@%h")
    return Child(
        name=name,
        command=("nice", "-n", str(NICENESS), *celery, *arguments, *alone),
        env=environment(settings),
        own=True,
        is_ready=_started,
        stop_seconds=_WORKER_STOP_SECONDS,
    )


def web(settings: Settings) -> Child:
    """Return the web server. Its access log stays off, because query strings contain tickets."""
    return Child(
        name="web",
        command=(
            *(sys.executable, "-m", "uvicorn", "gateway.app:serve", "--factory"),
            *("--host", settings.host, "--port", str(settings.port)),
            *("--loop", "gateway.web_server:Loop"),
            *("--http", "gateway.web_server:LimitedHttp", "--ws", "gateway.web_server:LimitedWebSocket"),
            # A tunnel mostly carries compressed images: deflating them again took 3.4 ms per 64 KiB message.
            *("--ws-max-size", str(_WEB_SOCKET_BYTES), "--ws-per-message-deflate", "false"),
            *("--no-access-log", "--log-level", "warning", "--no-server-header"),
            *("--timeout-graceful-shutdown", str(_WEB_STOP_SECONDS)),
            *_tls(settings),
            *_proxy(settings),
        ),
        env=environment(settings),
        own=True,
        is_ready=lambda: answers_http(f"{listening.url(settings)}/health"),
        stop_seconds=_WEB_STOP_SECONDS + 3,
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that differ from the supervisor's environment: its choices and command-line options."""
    env = {
        "REELGATE_DATA_DIR": str(settings.data_dir.absolute()),
        "REELGATE_HOST": settings.host,
        "REELGATE_PORT": str(settings.port),
        "REELGATE_LOG_LEVEL": settings.log_level,
    }
    if settings.guacd is not None:
        env["REELGATE_GUACD"] = settings.guacd
    if settings.redis_url is not None:
        env["REELGATE_REDIS_URL"] = settings.redis_url.get_secret_value()
    return env


def _tls(settings: Settings) -> tuple[str, ...]:
    if settings.tls_cert is None or settings.tls_key is None:
        return ()
    return ("--ssl-certfile", str(settings.tls_cert), "--ssl-keyfile", str(settings.tls_key))


def _proxy(settings: Settings) -> tuple[str, ...]:
    if settings.trusted_proxy is None:
        return ("--no-proxy-headers",)
    return ("--proxy-headers", "--forwarded-allow-ips", settings.trusted_proxy)


def _started() -> bool:
    """Return True: Celery's programs offer no quick readiness check, so a running process counts as ready."""
    return True


def _log(settings: Settings, name: str) -> Path:
    folder = settings.data_dir.absolute() / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{name}.log"


def _with(settings: Settings, **changed: str) -> Settings:
    """Return a validated copy with changes; `model_copy` alone would leave a secret as plain text."""
    return settings.model_validate({**settings.model_dump(), **changed})
