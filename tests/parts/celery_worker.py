"""Real workers, and the timer beside them when asked for, with the commands of the supervisor."""

import sys

from gateway.core.work import Queue
from gateway.settings import Settings
from gateway.supervisor import parts
from gateway.supervisor.child import Child
from tests.parts.running import Running

_CELERY = (sys.executable, "-m", "celery", "--quiet")


def _environment(settings: Settings) -> dict[str, str]:
    """Every setting that was given, by its name in the environment."""
    given = settings.model_dump(include=settings.model_fields_set)
    return {
        f"REELGATE_{name.upper()}": value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in given.items()
    }


class _Worker(Running):
    def __init__(self, settings: Settings, name: str, *arguments: str) -> None:
        log = settings.data_dir / f"{name}.log"
        super().__init__(
            Child(
                name=name,
                command=(*_CELERY, *arguments, "--hostname", f"{name}@%h"),
                env=_environment(settings),
                is_ready=lambda: log.exists() and b"worker.ready" in log.read_bytes(),
                stop_seconds=1,  # what it is at would be done again
            ),
            log=log,
        )


class CeleryWorker(_Worker):
    """Takes jobs of all queues once `start` returns, or of those named; its log is NAME.log in the data folder."""

    def __init__(self, settings: Settings, *queues: Queue, processes: int = 1, name: str = "worker") -> None:
        named = ("--queues", ",".join(queues)) if queues else ()
        everything = ("-A", "workers.app", "worker", "--without-gossip", "--without-mingle")
        super().__init__(settings, name, *everything, *named, "--concurrency", str(processes))


class CelerySealer(_Worker):
    """Takes timers' jobs and sealing."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, "sealer", *parts.SEALER)


class CeleryTimer(Running):
    """Sends the timer's jobs."""

    def __init__(self, settings: Settings) -> None:
        settings.run_dir.mkdir(parents=True, exist_ok=True)
        super().__init__(
            Child(
                name="beat",
                command=(*_CELERY, *parts.BEAT),
                env=_environment(settings),
                is_ready=lambda: True,
            ),
            log=settings.data_dir / "beat.log",
        )
