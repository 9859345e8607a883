"""The Celery application: job sources and limits.

Workers and beat are started by `gateway.supervisor.parts` or docker-compose.yml. One worker takes the queues of timers and
of sealing, on threads of one process; heavy work is taken by another, or by one that renders and one for the rest. Jobs are in `workers.jobs`, times in
`workers.schedule`. The broker holds nothing that cannot be lost: results are discarded, state is in the database.
"""

import logging
import sys
import warnings
from typing import Any, Final

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging, worker_ready
from kombu import Exchange, Queue as BrokerQueue

from gateway import sandbox
from gateway.core.errors import ReelgateError
from gateway.core.work import ARCHIVE_CHECK, PIPELINE_RESEND, Queue, queue_of
from gateway.private_files import prepare
from gateway.settings import get_settings
from gateway.telemetry import configure_logging, get_logger
from gateway.work.jobs import broker_url, settings_redis_url
from workers.schedule import SCHEDULE, waiting_jobs

# A job runs at least one stage: rendering and reading a working day takes hours at worst.
_JOB_SECONDS: Final = 12 * 3600
# An unacknowledged job is redelivered after this. It finds the stage leased and ends, so early redelivery is harmless.
_VISIBILITY_SECONDS: Final = 3600
# Heavy work runs in processes of its own (`workers.confine`): one that grows beyond this leaks, and is replaced.
_CHILD_KIB: Final = 512 * 1024

# It warns of root because of pickle; jobs here are JSON with ids.
warnings.filterwarnings("ignore", category=SecurityWarning)

try:
    _settings = get_settings()
except ReelgateError as error:
    sys.stderr.write(f"reelgate: {error}\n")
    raise SystemExit(2) from error

app = Celery("reelgate", broker=broker_url(settings_redis_url(_settings)), include=["workers.jobs"])


def _route(name: str, *_message: object, **_options: object) -> dict[str, str]:
    return {"queue": queue_of(name)}


app.conf.update(
    task_queues=[BrokerQueue(name, Exchange(name), routing_key=name) for name in Queue],
    task_default_queue=Queue.TIMERS,
    task_routes=(_route,),
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=_JOB_SECONDS,
    worker_concurrency=_settings.worker_processes,
    worker_prefetch_multiplier=1,
    worker_max_memory_per_child=_CHILD_KIB,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_send_task_events=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"visibility_timeout": _VISIBILITY_SECONDS},
    beat_schedule=SCHEDULE,
    beat_scheduler="workers.schedule:OneAtATime",
    beat_schedule_filename=str(_settings.run_dir / "beat-schedule"),
    timezone="UTC",
)


@setup_logging.connect
def _configure_logging(**_signal: Any) -> None:
    """Set up logging in place of Celery's own: the first thing worker and timer do."""
    configure_logging(level=_settings.log_level, as_json=_settings.log_json)
    try:
        prepare(_settings)
        sandbox.require(_settings.confine)
    except ReelgateError as error:
        sys.stderr.write(f"reelgate: {error}\n")
        raise SystemExit(2) from error
    if not sandbox.support().is_complete:
        get_logger().warning("decoders.unconfined", reason=sandbox.support().describe())
    # Jobs log their own events; Celery's would only duplicate them.
    for name in ("celery", "kombu"):
        logging.getLogger(name).setLevel(logging.WARNING)


@worker_ready.connect
def _ready(**_signal: Any) -> None:
    get_logger().info("worker.ready")
    # Work interrupted by the previous worker's death need not wait for the timer; an unusable bucket is reported at once.
    for job in {PIPELINE_RESEND, ARCHIVE_CHECK} - waiting_jobs(_settings):
        app.send_task(job)
