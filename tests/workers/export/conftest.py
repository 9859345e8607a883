"""One recording through the pipeline and one bundle of it, for all tests that only look at them or at copies."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.audit.check import check_new
from gateway.db.models import Export, Recording
from tests.parts.database import upgrade
from tests.parts.recordings import halves, small_original
from tests.workers.conftest import make_settings
from tests.workers.export import requesting
from workers.running.work import WorkerContext


@dataclass(frozen=True)
class Site:
    """A worker's context on SQLite and a recording that was rendered and read."""

    context: WorkerContext
    recording: Recording


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = make_settings(tmp_path_factory.mktemp("site"))
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    recording = requesting.recorded(context, halves(small_original(40)))
    check_new(context.database, context.keys.signer(), "test")  # signs the head, as a timer does
    yield Site(context, recording)
    context.database.close()


@pytest.fixture(scope="module")
def bundle(site: Site) -> Export:
    """With the pictures of one query."""
    return requesting.bundle(site.context, site.recording, "Lindqvist OR vault")


@pytest.fixture(scope="module")
def bundle_zip(site: Site, bundle: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return requesting.fetched(site.context, bundle, tmp_path_factory.mktemp("bundle") / bundle.name)


@pytest.fixture
def unpacked(bundle_zip: Path, tmp_path: Path) -> Path:
    """The bundle in a folder of this test's own, to be altered."""
    folder = tmp_path / "unpacked"
    shutil.unpack_archive(bundle_zip, folder)
    return folder
