"""What was found damaged is kept, for people to look at: `quarantine/RECORDING/NAME.damaged-TIME` in the data folder.

Callers: repairing writes, a purge removes, reconciling looks whether a purge did. Nothing else ever removes it.
"""

import re
from pathlib import Path
from typing import Final

from gateway.db.columns import utc_now
from gateway.storage.local import read_range, sha256_of
from workers.running.work import WorkerContext

QUARANTINE: Final = "quarantine"


def quarantine_of(context: WorkerContext, recording_id: str) -> Path:
    """The recording's folder there, which need not exist."""
    return context.settings.data_dir / QUARANTINE / recording_id


def new_path(context: WorkerContext, recording_id: str, name: str) -> Path:
    """Where damaged bytes of file `name` go now; its folder is there."""
    path = quarantine_of(context, recording_id) / f"{name}.damaged-{utc_now():%Y%m%dT%H%M%S.%fZ}"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def kept_once(path: Path) -> Path:
    """The path, or where an earlier try kept the very same bytes: those; trying again must not fill the disk."""
    name = path.name.rpartition(".damaged-")[0]
    of_name = re.compile(re.escape(name) + r"\.damaged-[^/]*")
    earlier = sorted(other for other in path.parent.iterdir() if other != path and of_name.fullmatch(other.name))
    digest = sha256_of(read_range(path))
    same = next((other for other in earlier if sha256_of(read_range(other)) == digest), None)
    if same is None:
        return path
    path.unlink()
    return same
