"""A real worker, and the timer beside it when asked for, as the supervisor starts them."""

import sys

from gateway.settings import Settings
from gateway.supervisor.child import Child
from tests.parts.running import Running

_CELERY = (sys.executable, "-m", "celery", "-A", "workers.app")


def _environment(settings: Settings) -> dict[str, str]:
    """Every setting that was given, by its name in the environment."""
    given = settings.model_dump(include=settings.model_fields_set)
    return {
        f"REELGATE_{name.upper()}": value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in given.items()
    }


class CeleryWorker(Running):
    """Takes jobs once `start` returns; its log is `worker.log` in the data folder."""

    def __init__(self, settings: Settings, *, processes: int = 1) -> None:
        log = settings.data_dir / "worker.log"
        super().__init__(
            Child(
                name="worker",
                command=(
                    *_CELERY,
                    "--quiet",
                    "worker",
                    "--concurrency",
                    str(processes),
                    "--without-gossip",
                    "--without-mingle",
                ),
                env=_environment(settings),
                is_ready=lambda: log.exists() and b"worker.ready" in log.read_bytes(),
                stop_seconds=1,  # what it is at would be done again
            ),
            log=log,
        )


class CeleryTimer(Running):
    """Sends the timer's jobs."""

    def __init__(self, settings: Settings) -> None:
        settings.run_dir.mkdir(parents=True, exist_ok=True)
        super().__init__(
            Child(
                name="beat",
                command=(*_CELERY, "beat", "--pidfile="),
                env=_environment(settings),
                is_ready=lambda: True,
            ),
            log=settings.data_dir / "beat.log",
        )
