"""A worker process that kills itself at a given moment of a task, or runs it to its end. Callers: the tests of kills."""

from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from pathlib import Path
from unittest.mock import patch

from gateway.exports import files as export_files
from gateway.retention import purging
from gateway.settings import Settings
from gateway.storage.local import FolderStore
from tests.faults.dying import Place, die
from workers.export import bundle
from workers.purge import task as purge
from workers.reconcile import repair
from workers.restore import work as restore
from workers.running import engine
from workers.running.work import WorkerContext
from workers.tasks import runner
from workers.tier import stage as tier_stage


class AnyTask(StrEnum):
    """Of every kind."""

    TAKEN = "taken"  # the task is leased, nothing is done
    MADE = "made"  # all is done, nothing is published
    PUBLISHED = "published"  # files have their names, the rows are set, nothing is committed


class OfPurge(StrEnum):
    COUNTED = "counted"  # what there is is taken down, nothing is written
    BEGINNING = "beginning"  # the rows are set, nothing is committed
    BEGUN = "begun"  # that is committed, every byte is still there
    ONE_OBJECT = "one_object"  # the first archived object is gone
    ARCHIVE = "archive"  # all archived objects are gone
    EXPORTS = "exports"  # so are the exports
    ONE_FILE = "one_file"  # so is the first file of the hot folder
    FOLDER = "folder"  # so is the hot folder
    FINISHING = "finishing"  # tombstone and certificate are written, nothing is committed


class OfRestore(StrEnum):
    FETCHING = "fetching"  # a file is being written
    FETCHED = "fetched"  # the first file has its name


class OfRepair(StrEnum):
    FETCHED = "repair_fetched"  # the good copy is beside the hot file, nothing is decided
    ASIDE = "repair_aside"  # the damaged file has a second name, nothing is committed
    BEGUN = "repair_begun"  # the intent is committed, the file is as it was
    RENAMED = "repair_renamed"  # the good copy has the name, nothing is committed
    KEPT = "repair_kept"  # the damaged object is kept aside
    UPLOADED = "repair_uploaded"  # the good copy is in the archive, its row is not there
    ROWED = "repair_rowed"  # its row is committed, the repair is not


class OfExport(StrEnum):
    FILLED = "filled"  # the ZIP is written and not signed
    STORED = "stored"  # it is made and encrypted, in the scratch folder
    PLACED = "placed"  # it has its place, nothing is committed


Moment = AnyTask | OfPurge | OfRestore | OfRepair | OfExport
PLACES: dict[Moment, Place] = {
    AnyTask.TAKEN: Place(engine, "_run", after=False),
    AnyTask.MADE: Place(engine, "_finish", after=False),
    AnyTask.PUBLISHED: Place(engine, "_end"),
    OfPurge.COUNTED: Place(purge, "_refuse_kept", after=False),
    OfPurge.BEGINNING: Place(purging, "begin"),
    OfPurge.BEGUN: Place(purge, "_erase", after=False),
    OfPurge.ONE_OBJECT: Place(FolderStore, "delete"),
    OfPurge.ARCHIVE: Place(purge, "_erase_archive"),
    OfPurge.EXPORTS: Place(purge, "_erase_exports"),
    OfPurge.FOLDER: Place(purge, "_remove"),
    OfPurge.FINISHING: Place(purging, "finish"),
    OfRestore.FETCHING: Place(restore, "_write"),
    OfRestore.FETCHED: Place(restore, "_fetch"),
    OfRepair.FETCHED: Place(repair, "_write"),
    OfRepair.ASIDE: Place(repair, "_keep_aside"),
    OfRepair.BEGUN: Place(repair, "publish", after=False),
    OfRepair.RENAMED: Place(repair, "publish"),
    OfRepair.KEPT: Place(repair, "_keep_object"),
    OfRepair.UPLOADED: Place(tier_stage, "_secure", after=False),
    OfRepair.ROWED: Place(repair, "archive_file"),
    OfExport.FILLED: Place(bundle, "_fill"),
    OfExport.STORED: Place(export_files, "write"),
    OfExport.PLACED: Place(export_files, "put"),
}


def _remove_one_file(folder: Path) -> None:
    next(path for path in sorted(folder.rglob("*")) if path.is_file()).unlink()
    die()


def _changes(moment: Moment) -> AbstractContextManager[object]:
    if moment is OfPurge.ONE_FILE:
        return patch.object(purge, "_remove_folder", _remove_one_file)
    return PLACES[moment].deadly()


def run(settings: Settings, task_id: str, moment: Moment | None = None) -> None:
    with nullcontext() if moment is None else _changes(moment):
        runner.run_task(WorkerContext.build(settings), task_id)
