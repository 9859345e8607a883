"""Keep damaged bytes for inspection: `quarantine/RECORDING/NAME.damaged-TIME` in the data folder.

Repairs write them and a purge removes them; nothing else ever does.
"""

import re
from pathlib import Path
from typing import Final

from gateway.db.columns import utc_now
from gateway.storage.local import read_range, sha256_of
from workers.running.work import WorkerContext

QUARANTINE: Final = "quarantine"


def quarantine_of(context: WorkerContext, recording_id: str) -> Path:
    """Return the recording's quarantine folder, which need not exist."""
    return context.settings.data_dir / QUARANTINE / recording_id


def new_path(context: WorkerContext, recording_id: str, name: str) -> Path:
    """Return the path for damaged bytes of file `name`, with its folder created."""
    path = quarantine_of(context, recording_id) / f"{name}.damaged-{utc_now():%Y%m%dT%H%M%S.%fZ}"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def kept_once(path: Path) -> Path:
    """Return the path, or that of identical bytes kept earlier: retries must not fill the disk."""
    name = path.name.rpartition(".damaged-")[0]
    of_name = re.compile(re.escape(name) + r"\.damaged-[^/]*")
    earlier = sorted(other for other in path.parent.iterdir() if other != path and of_name.fullmatch(other.name))
    digest = sha256_of(read_range(path))
    same = next((other for other in earlier if sha256_of(read_range(other)) == digest), None)
    if same is None:
        return path
    path.unlink()
    return same
