"""An archive that lies, in front of a real bucket: `verify` says which object and which bytes, and nothing is lost over it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.core.evidence import Soundness
from gateway.core.recording.layout import MANIFEST, VIDEO, segment_name
from gateway.core.recording.states import Tier
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, Recording
from gateway.db.repositories import recordings
from gateway.evidence.faults import Measure
from gateway.evidence.rows import Rows
from gateway.evidence.verify import Verdict, verify
from gateway.storage.encryption import PIECE_BYTES
from gateway.storage.encryption.layout import HEADER_BYTES, OVERHEAD_BYTES
from tests.faults.aftermath import check_aftermath
from tests.parts.database import upgrade
from tests.parts.fault_proxy import Fault, FaultProxy
from tests.parts.recordings import place_sealed, small_original
from tests.parts.s3 import S3Server
from tests.workers.conftest import make_settings
from workers import stages as pipeline
from workers.reconcile.work import reconcile
from workers.running.work import WorkerContext
from workers.tier.expiry import expire_hot_copies

SEGMENT = segment_name(0, "guac")
RECORD_BYTES = PIECE_BYTES + OVERHEAD_BYTES


class Lying(NamedTuple):
    """A recording, hot and in the archive, with a video of three records; its hot copy is due to go."""

    context: WorkerContext
    recording: Recording
    proxy: FaultProxy
    server: S3Server

    def row(self, name: str) -> ArchiveObject:
        with self.context.database.read() as session:
            found = recordings.archive_object(session, self.recording.id, name)
        assert found is not None
        return found

    def make_due(self) -> None:
        """Its hot days are over."""
        with self.context.database.write() as session:
            recordings.get(session, self.recording.id).hot_until_at = utc_now()
            for stored in recordings.archive_objects(session, self.recording.id):
                stored.verified_at -= timedelta(days=30)
                session.add(stored)

    def verdict(self) -> Verdict:
        with self.context.database.read() as session:
            rows = Rows.load(session, self.recording.id)
        return verify(self.context.files, rows, archive=True)


@pytest.fixture(scope="module")
def lying(s3_server: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lying]:
    with FaultProxy(s3_server.url) as proxy:
        settings = make_settings(
            tmp_path_factory.mktemp("lying"),
            s3_endpoint=proxy.url,
            s3_bucket=s3_server.create_bucket(),
            s3_access_key=s3_server.access_key,
            s3_secret_key=s3_server.secret_key,
        )
        upgrade(settings.database)
        context = WorkerContext.build(settings)
        recording = place_sealed(context, [small_original(3)], video_bytes=2 * PIECE_BYTES + 1024)
        assert pipeline.run_next(context, recording.id)
        yield Lying(context, recording, proxy, s3_server)
        context.database.close()


Spoil = Callable[[bytes], bytes]


def flip(at: int, body: bytes) -> bytes:
    data = bytearray(body)
    data[at] ^= 1
    return bytes(data)


def cut(count: int, body: bytes) -> bytes:
    return body[:-count]


def instead(other: bytes, _body: bytes) -> bytes:
    return other


# Which object, how it lies, and what is to be told: from, to (negative: from its end), and in words.
LIES: dict[str, tuple[str, Spoil, int, int, str]] = {
    "a header": (VIDEO, partial(flip, 12), 0, HEADER_BYTES, "its header was altered"),
    "a record": (VIDEO, partial(flip, HEADER_BYTES + 9), HEADER_BYTES, HEADER_BYTES + RECORD_BYTES, "record 0"),
    "the next record": (
        VIDEO,
        partial(flip, HEADER_BYTES + RECORD_BYTES + 9),
        HEADER_BYTES + RECORD_BYTES,
        HEADER_BYTES + 2 * RECORD_BYTES,
        "record 1 was altered or moved",
    ),
    "too little": (VIDEO, partial(cut, 3), -3, 0, "3 bytes at its end are missing"),
    "a record too little": (VIDEO, partial(cut, 1024 + OVERHEAD_BYTES), -1024 - OVERHEAD_BYTES, 0, "are missing"),
    "a compressed original": (SEGMENT, partial(flip, HEADER_BYTES + 9), HEADER_BYTES, 0, "record 0 on"),
    "too little of an original": (SEGMENT, partial(cut, 7), -7, 0, "7 bytes at its end are missing"),
    "a byte of the manifest": (MANIFEST, partial(flip, 100), 100, 101, "these bytes differ"),
    "too little of the manifest": (MANIFEST, partial(cut, 5), -5, 0, "5 bytes at its end are missing"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_reported_by_object_and_bytes_and_costs_nothing(lie: str, lying: Lying) -> None:
    name, spoil, start, end, text = LIES[lie]
    size = lying.row(name).size_bytes
    lying.proxy.fault = Fault(partial(reads, name), spoil=spoil)
    check_reported(lying, name, (start % size, size + end if end <= 0 else end), text)


@pytest.mark.parametrize("name", [VIDEO, SEGMENT, MANIFEST])
def test_another_objects_bytes_are_reported(name: str, lying: Lying) -> None:
    other = body_of(lying, lying.row(MANIFEST if name == VIDEO else VIDEO), None)
    lying.proxy.fault = Fault(partial(reads, name), spoil=partial(instead, other))
    end = len(other) if name == MANIFEST else HEADER_BYTES
    check_reported(lying, name, (0, end), "these bytes differ" if name == MANIFEST else "it belongs to another name")


def test_an_older_version_is_reported(lying: Lying) -> None:
    row = lying.row(MANIFEST)
    bucket = lying.context.settings.s3_bucket or ""
    whole = body_of(lying, row, row.version_id)
    put = lying.server.client().put_object(Bucket=bucket, Key=row.key, Body=b"an older one\n" + whole)
    older = body_of(lying, row, put["VersionId"])
    lying.proxy.fault = Fault(partial(reads, MANIFEST), spoil=partial(instead, older))
    check_reported(lying, MANIFEST, (0, len(older) - len(whole)), "these bytes differ")


def body_of(lying: Lying, row: ArchiveObject, version_id: str | None) -> bytes:
    store = lying.context.files.archive
    return b"".join(store.open_range(row.key, version_id=version_id))


def reads(name: str, method: str, path: str) -> bool:
    return method == "GET" and f"/{name}" in path


def check_reported(lying: Lying, name: str, place: tuple[int, int], text: str) -> None:
    """Exactly this is told; nothing is repaired from it, the hot copy stays, and then all is as it was."""
    context, recording = lying.context, lying.recording
    folder = context.files.folder(recording)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    try:
        verdict = lying.verdict()
        assert len(verdict.faults) == 1, verdict.faults
        [fault] = verdict.faults
        assert verdict.outcome is Soundness.DAMAGED
        assert (fault.file, fault.measure) == (f"archive:{name}", Measure.STORED)
        assert (fault.start, fault.end) == place
        assert text in fault.text
        lying.make_due()
        assert expire_hot_copies(context) == 0
        with hidden(folder / name):
            assert reconcile(context).repaired_count == 0
    finally:
        lying.proxy.heal()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    with context.database.read() as session:
        assert recordings.get(session, recording.id).tier is Tier.HOT
    assert not reconcile(context).found
    check_aftermath(context, recording)


@contextmanager
def hidden(path: Path) -> Iterator[None]:
    """As if it were not there."""
    aside = path.rename(path.parent.parent / "hidden")
    try:
        yield
    finally:
        aside.rename(path)
