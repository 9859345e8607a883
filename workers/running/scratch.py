"""Scratch folders: the only place where files of recordings are in clear, and only while a worker works on them.

A timer job removes those left by killed workers. A folder's name begins with its owner's (`workers.running.owners`), so that
one in use is never mistaken for a leftover.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from gateway.telemetry import get_logger
from workers.running.owners import is_gone
from workers.running.work import WorkerContext

_FOLDER: Final = ".work"
_FOLDER_MODE: Final = 0o700
# Processes on other hosts cannot be checked; after twice the time limit of a job (`workers.app`) nothing is running.
_ABANDONED: Final = timedelta(hours=24)
_log = get_logger()


@contextmanager
def scratch_folder(context: WorkerContext, beside: Path) -> Iterator[Path]:
    """Create a folder (mode 0700) on the file system of `beside`, one of `_roots`; remove it at the end of the block."""
    root = beside / _FOLDER
    root.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
    with tempfile.TemporaryDirectory(prefix=f"{context.owner}+", dir=root, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def recordings_root(context: WorkerContext) -> Path:
    """Return the folder of all recordings: stage output is renamed into one of them."""
    return context.settings.data_dir / "recordings"


def remove_leftovers(context: WorkerContext) -> int:
    """Remove the scratch folders of dead workers; return their number."""
    left = [folder for folder in _folders(context) if _is_left(folder)]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
        _log.warning("scratch.removed", name=folder.name)
    return len(left)


def _folders(context: WorkerContext) -> Iterator[Path]:
    for root in (recordings_root(context), context.settings.data_dir):
        if (root / _FOLDER).is_dir():
            yield from (root / _FOLDER).iterdir()


def _is_left(folder: Path) -> bool:
    owner, _, _ = folder.name.rpartition("+")
    try:
        is_old = time.time() - folder.stat().st_mtime > _ABANDONED.total_seconds()
    except FileNotFoundError:  # its owner removed it first
        return False
    return is_gone(owner) or is_old
