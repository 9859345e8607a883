"""A real bucket that stops, hangs, slows, fills up, refuses and lies, while recordings move in all ways at once.

Each fault meets every move: archiving, removing a hot copy, restoring, repairing, purging, legal holds. What could not be
done is told and waits, and is done once the archive is well; then everything is clean, and nothing held is missing.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self
from unittest.mock import patch

import botocore.auth
import pytest
from botocore.config import Config

from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import WorkState
from gateway.db.repositories.backlog import archive_backlog
from gateway.storage.s3 import bucket as s3_client
from tests.faults.aftermath import check_aftermath, check_kept
from tests.faults.moving_site import MOVES, Site
from tests.parts.database import upgrade
from tests.parts.fault_proxy import Fault, FaultProxy
from tests.parts.long import rest_later
from tests.parts.retention import read, task_of
from tests.parts.s3 import S3Server
from tests.workers.conftest import make_settings
from workers.running.work import WorkerContext

# What a hanging server is waited for here; half a minute else. No second try: it would meet the same fault.
IMPATIENT = Config(read_timeout=0.4, retries={"total_max_attempts": 1})
# Moves that read back what the archive has.
READING = {"archive", "expire", "restore", "repair"}


class World(NamedTuple):
    """What a fault may be made in."""

    site: Site
    proxy: FaultProxy
    server: S3Server


@pytest.fixture(scope="module")
def world(s3_server: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    impatient = patch.object(s3_client, "_CONFIG", s3_client._CONFIG.merge(IMPATIENT))
    with impatient, FaultProxy(s3_server.url) as proxy:
        context = build(tmp_path_factory.mktemp("site"), s3_server, proxy)
        yield World(Site(context), proxy, s3_server)
        context.database.close()


def build(folder: Path, server: S3Server, proxy: FaultProxy) -> WorkerContext:
    settings = make_settings(
        folder,
        s3_endpoint=proxy.url,
        s3_bucket=server.create_bucket(object_lock=True),
        s3_access_key=server.access_key,
        s3_secret_key=server.secret_key,
    )
    upgrade(settings.database)
    return WorkerContext.build(settings)


# The faults: each a context, in which the archive is not well.


def relayed(fault: Callable[[], Fault]) -> Callable[[World], AbstractContextManager[None]]:
    @contextmanager
    def faulty(world: World) -> Iterator[None]:
        world.proxy.fault = made = fault()
        try:
            yield
        finally:
            world.proxy.heal()
        assert made.count > 0

    return faulty


@contextmanager
def stopped(world: World) -> Iterator[None]:
    world.server.kill()
    try:
        yield
    finally:
        world.server.start()


@contextmanager
def wrong_secret(world: World) -> Iterator[None]:
    right = world.site.context
    settings = right.settings.model_validate({**right.settings.model_dump(), "s3_secret_key": "not the secret"})
    world.site.context = WorkerContext.build(settings)
    try:
        yield
    finally:
        world.site.context.database.close()
        world.site.context = right


class LateClock(datetime):
    """This machine's, an hour slow."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) - timedelta(hours=1)


@contextmanager
def wrong_clock(_world: World) -> Iterator[None]:
    """Requests are signed with a time that the real server refuses."""
    signing = patch.object(botocore.auth, "get_current_datetime", partial(LateClock.now, UTC))
    with signing, patch.object(s3_client, "datetime", LateClock):
        yield


def everything(_method: str, _path: str) -> bool:
    return True


def reads_recordings(method: str, path: str) -> bool:
    return method == "GET" and "/recordings/" in path and "retention" not in path and "legal-hold" not in path


def puts(method: str, path: str) -> bool:
    return method == "PUT" and "?" not in path


def lies() -> Callable[[bytes], bytes]:
    """In turn a bit is flipped, the end is missing, and the bytes are another object's."""
    count, first = 0, b""

    def spoil(body: bytes) -> bytes:
        nonlocal count, first
        count, first = count + 1, first or body
        flipped = body[:-1] + bytes((body[-1] ^ 1,))
        return (flipped, body[:-1], flipped if body == first else first)[count % 3]

    return spoil


class Case(NamedTuple):
    """`fails`: the moves that cannot be done; `text`: what the recording that waits for the archive says."""

    fault: Callable[[World], AbstractContextManager[None]]
    fails: set[str]
    text: str = ""


CASES = {
    "stopped": Case(stopped, MOVES, "does not answer"),
    "hangs": Case(relayed(lambda: Fault(everything, delay_seconds=1.0)), MOVES, "does not answer (ReadTimeoutError)"),
    "slow": Case(relayed(lambda: Fault(everything, delay_seconds=0.01)), set()),
    "fails": Case(relayed(lambda: Fault(everything, status=503, code="SlowDown")), MOVES, "answered 503"),
    "full": Case(relayed(lambda: Fault(puts, status=507, code="InsufficientStorage")), {"archive"}, "is full"),
    "wrong secret": Case(wrong_secret, MOVES, "rejects the access key"),
    "wrong clock": Case(wrong_clock, MOVES, "rejects this machine's clock, which is 3"),
    "cuts answers": Case(relayed(lambda: Fault(reads_recordings, cut=True)), READING, "does not answer"),
    "lies": Case(relayed(lambda: Fault(reads_recordings, spoil=lies())), READING, "is damaged; it is uploaded again"),
}


@pytest.mark.parametrize("name", rest_later(CASES, {"stopped", "hangs", "lies", "full"}))
def test_no_move_loses_anything_whatever_the_archive_does(name: str, world: World) -> None:
    case, site = CASES[name], world.site
    kept = site.kept()
    with case.fault(world):
        assert site.try_all() == MOVES - case.fails
        check_waiting(site, case)
    site.forget_checks()
    assert site.try_all() == case.fails
    with site.context.database.read() as session:
        assert archive_backlog(session).recording_count == 0
    assert read(site.context, site.doomed).purged_at is not None
    assert [read(site.context, one).tier for one in (site.cold, site.warm)] == [Tier.HOT, Tier.ARCHIVE]
    check_aftermath(site.context, *kept)
    site.rotate()


def check_waiting(site: Site, case: Case) -> None:
    """What was not done has lost nothing, and says why."""
    if "archive" in case.fails:
        stage = site.tier_stage()
        assert (stage.state, case.text in (stage.error or "")) == (WorkState.PENDING, True), stage.error
        with site.context.database.read() as session:
            backlog = archive_backlog(session)
        assert (backlog.recording_count, backlog.last_error) == (1, stage.error)
        assert backlog.size_bytes >= (site.waiting.size_bytes or 0)
        check_kept(site.context, site.waiting)
    if "expire" in case.fails:
        assert read(site.context, site.warm).tier is Tier.HOT
        check_kept(site.context, site.warm)
    if "restore" in case.fails:
        task = site.restore_task()
        assert (task.state, bool(task.error)) == (WorkState.PENDING, True)
        assert not [path for path in site.context.files.folder(site.cold).rglob("*") if path.is_file()]
    if "purge" in case.fails:
        purging = task_of(site.context, site.doomed)
        assert purging is not None
        assert (purging.state, bool(purging.error)) == (WorkState.PENDING, True)
        assert read(site.context, site.doomed).state is RecordingState.ARCHIVED
