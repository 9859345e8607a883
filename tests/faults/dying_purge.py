"""A worker process that kills itself (SIGKILL) at a given moment of a purge, or runs it to the end.

Run as `python -m tests.faults.dying_purge ORDER_ID [MOMENT]`; settings come from the environment. The steps are the real
ones; only the moment of death is put between them.
"""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import Any
from unittest.mock import patch

from gateway.retention import purging
from gateway.settings import Settings
from gateway.storage.local import FolderStore
from tests.faults.dying_worker import die
from workers.orders.runner import run_order
from workers.purge import order
from workers.work import WorkerContext


class Moment(StrEnum):
    """When to die."""

    COUNTED = "counted"  # what there is is taken down, nothing is written
    BEGINNING = "beginning"  # the rows are set, nothing is committed
    BEGUN = "begun"  # that is committed, every byte is still there
    ONE_OBJECT = "one_object"  # the first archived object is gone
    ARCHIVE = "archive"  # all archived objects are gone
    EXPORTS = "exports"  # so are the exports
    FOLDER = "folder"  # so is the hot folder
    FINISHING = "finishing"  # tombstone and certificate are written, nothing is committed


def main() -> None:
    order_id, *rest = sys.argv[1:]
    with changes(Moment(rest[0])) if rest else nullcontext():
        run_order(WorkerContext.build(Settings()), order_id)


def changes(moment: Moment) -> AbstractContextManager[object]:
    places: dict[Moment, tuple[Any, str, bool]] = {
        Moment.COUNTED: (order, "_refuse_kept", False),
        Moment.BEGINNING: (purging, "begin", True),
        Moment.BEGUN: (order, "_erase", False),
        Moment.ONE_OBJECT: (FolderStore, "delete", True),
        Moment.ARCHIVE: (order, "_erase_archive", True),
        Moment.EXPORTS: (order, "_erase_exports", True),
        Moment.FOLDER: (order, "_remove", True),
        Moment.FINISHING: (purging, "finish", True),
    }
    owner, name, after = places[moment]
    return patch.object(owner, name, dying(getattr(owner, name), after=after))


def dying(work: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def work_and_die(*arguments: Any) -> Any:
        if after:
            work(*arguments)
            if work is purging.begin or work is purging.finish:
                arguments[0].flush()
        die()

    return work_and_die


if __name__ == "__main__":
    main()
