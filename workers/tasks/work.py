"""What a task's runner is given. Callers: `workers.tasks.runner` builds it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.db.models import Recording, Task
from workers.running.work import Progress, Publish, WorkerContext


@dataclass(frozen=True)
class TaskWork:
    """One task. `scratch` is an empty folder on the data folder's disk; `recording` is None for tasks about all."""

    context: WorkerContext
    task: Task
    recording: Recording | None
    scratch: Path
    progress: Progress


TaskRunner = Callable[[TaskWork], Publish]
"""Does the work and returns what is to be published in the transaction that marks the task done."""
