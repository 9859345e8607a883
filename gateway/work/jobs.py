"""Send jobs to the workers, by name and with ids only; imports nothing from the workers.

A job is only a nudge: rows in the database drive the work and a timer re-sends lost jobs, so a broker that is down causes
no failure and no long delay.
"""

from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from celery import Celery
from kombu.exceptions import OperationalError

from gateway.core.work import queue_of
from gateway.settings import Settings
from gateway.telemetry import get_logger

# If the broker (on this machine or nearby) does not respond, the caller continues after this long.
_ANSWER_SECONDS: Final = 1.0

_log = get_logger()


class JobSender:
    """`send(name, *ids)` never raises if the broker is gone; it logs `job.lost` instead."""

    def __init__(self, settings: Settings) -> None:
        self._celery = Celery("reelgate", broker=broker_url(settings_redis_url(settings)), set_as_current=False)
        self._celery.conf.update(
            accept_content=["json"],
            task_ignore_result=True,
            task_publish_retry=False,
            broker_connection_timeout=_ANSWER_SECONDS,
            broker_transport_options={
                "socket_connect_timeout": _ANSWER_SECONDS,
                "socket_timeout": _ANSWER_SECONDS,
                "max_retries": 0,
            },
        )

    def send(self, name: str, *ids: str, expires_seconds: float | None = None) -> None:
        """Send job `name` to its queue; the worker drops it if it is still waiting after `expires_seconds`."""
        try:
            self._celery.send_task(
                name,
                args=list(ids),
                queue=queue_of(name),
                retry=False,
                ignore_result=True,
                expires=expires_seconds,
            )
        except (OperationalError, OSError) as error:
            _log.warning("job.lost", job=name, ids=ids, reason=type(error).__name__)

    def close(self) -> None:
        """Close the pooled connections."""
        self._celery.close()


def settings_redis_url(settings: Settings) -> str:
    """Return the broker's redis-py URL: an external one, or the private one's socket. May contain a secret."""
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    return f"unix://{settings.run_dir.absolute() / 'redis.sock'}"


def broker_url(redis_url: str) -> str:
    """Convert a redis-py URL to Celery's form: `redis+socket:///PATH?virtual_host=N` for a unix socket."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    options = parse_qs(parts.query)
    password = options.get("password", [unquote(parts.password or "")])[0]
    login = f":{quote(password, safe='')}@" if password else ""
    return f"redis+socket://{login}{parts.path}?virtual_host={options.get('db', ['0'])[0]}"
