"""Where recordings lie in clear: only as long as someone works on them."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.keys.site import open_database
from gateway.settings import Settings
from gateway.storage.files import RecordingFiles
from workers.running.owners import this_process
from workers.running.scratch import recordings_root, remove_leftovers, scratch_folder
from workers.running.work import WorkerContext


@pytest.fixture
def context(tmp_path: Path) -> Iterator[WorkerContext]:
    settings = Settings(data_dir=tmp_path)
    database = open_database(settings)
    yield WorkerContext(settings, database, RecordingFiles(settings, database), this_process())
    database.close()


def test_a_folder_is_its_owners_alone_and_goes_with_the_work(context: WorkerContext) -> None:
    with scratch_folder(context, recordings_root(context)) as folder:
        (folder / "segment.guac").write_bytes(b"in clear")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert remove_leftovers(context) == 0, "it is in use"
        assert folder.is_dir()
    assert not folder.exists()


def test_it_goes_when_the_work_fails(context: WorkerContext) -> None:
    with pytest.raises(InterruptedError), scratch_folder(context, context.settings.data_dir) as folder:
        raise InterruptedError
    assert not folder.exists()


def test_what_a_killed_worker_left_is_removed(context: WorkerContext) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", "from workers.running.owners import this_process; print(this_process())"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": "."},
    ).stdout.strip()
    left = []
    for root in (recordings_root(context), context.settings.data_dir):
        folder = root / ".work" / f"{killed}+abc"
        folder.mkdir(parents=True)
        (folder / "video.mp4").write_bytes(b"in clear")
        left.append(folder)
    assert remove_leftovers(context) == 2
    assert not any(folder.exists() for folder in left)


def test_of_another_host_only_what_is_old_is_removed(context: WorkerContext) -> None:
    folders = [context.settings.data_dir / ".work" / f"elsewhere:1:{age}+abc" for age in ("new", "old")]
    for folder in folders:
        folder.mkdir(parents=True)
    two_days_ago = time.time() - 48 * 3600
    os.utime(folders[1], (two_days_ago, two_days_ago))
    assert remove_leftovers(context) == 1
    assert [folder.exists() for folder in folders] == [True, False]
