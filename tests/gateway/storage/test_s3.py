"""A real bucket: uploads that go on after a kill, checksums, locks, storage class, pace, and what it is refused for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import ConflictError, UnavailableError
from gateway.settings import Settings
from gateway.storage.pace import Pace
from gateway.storage.s3 import S3Store
from gateway.storage.stores import LockedError, Required, Requirement, RequirementCheck, RequirementState
from tests.gateway.storage.test_stores import s3_settings
from tests.parts.fault_proxy import Fault, FaultProxy
from tests.parts.s3 import S3Server

PART_BYTES = 5 * 2**20
BODY = bytes(range(256)) * (11 * 4096)  # 11 MiB: three parts
NOTHING = Required(versioning=False, object_lock=None)


@pytest.fixture(scope="module")
def bucket(s3_server: S3Server) -> str:
    """With versioning; each test has keys of its own in it."""
    return s3_server.create_bucket()


@pytest.fixture(scope="module")
def locking_bucket(s3_server: S3Server) -> str:
    return s3_server.create_bucket(object_lock=True)


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[FaultProxy]:
    with FaultProxy(s3_server.url) as proxy:
        yield proxy


class NoChecksums(FaultProxy):
    """In front of a server that takes no request with an x-amz-checksum header."""

    def exchange(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
        refused = [name.lower() for name in headers if name.lower().startswith("x-amz-checksum-")]
        if not refused:
            return super().exchange(method, path, headers, body)
        text = f"<Error><Code>InvalidArgument</Code><Message>Unsupported header {refused[0]}</Message></Error>"
        return 400, {"Content-Type": "application/xml", "Content-Length": str(len(text))}, text.encode()


def store_of(server: S3Server, bucket: str, tmp_path: Path, **changed: object) -> S3Store:
    settings = s3_settings(server, bucket, data_dir=tmp_path, s3_part_bytes=PART_BYTES, **changed)
    return S3Store(settings, bucket)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.bin"
    path.write_bytes(BODY)
    return path


def is_part(number: int) -> Fault:
    return Fault(lambda method, path: method == "PUT" and f"partNumber={number}" in path, drop=True)


def test_an_upload_that_was_cut_off_goes_on_with_the_parts_that_are_there(
    s3_server: S3Server, bucket: str, proxy: FaultProxy, source: Path, tmp_path: Path
) -> None:
    store = store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url)
    proxy.fault = is_part(3)
    with pytest.raises(UnavailableError, match="does not answer"):
        store.put(source, "resumed")
    proxy.heal()
    proxy.requests.clear()
    stored = store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url).put(source, "resumed")
    assert [path[-20:] for method, path in proxy.requests if "partNumber" in path and method == "PUT"] != []
    assert proxy.sent("PUT", "partNumber=3") == 1
    assert proxy.sent("PUT", "partNumber=1") == proxy.sent("PUT", "partNumber=2") == 0
    assert b"".join(store.open_range("resumed", version_id=stored.version_id)) == BODY


def test_a_part_of_other_bytes_is_not_gone_on_with(
    s3_server: S3Server, bucket: str, source: Path, tmp_path: Path
) -> None:
    client = s3_server.client()
    begun = client.create_multipart_upload(Bucket=bucket, Key="changed")["UploadId"]
    client.upload_part(Bucket=bucket, Key="changed", UploadId=begun, PartNumber=1, Body=b"!" * PART_BYTES)
    store = store_of(s3_server, bucket, tmp_path)
    store.put(source, "changed")
    assert b"".join(store.open_range("changed")) == BODY


def test_uploads_that_nobody_goes_on_with_are_ended(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    client = s3_server.client()
    for key in ("stale/a", "stale/b"):
        client.create_multipart_upload(Bucket=bucket, Key=key)
    store = store_of(s3_server, bucket, tmp_path, s3_prefix="stale/")
    assert store.abort_uploads(datetime.now(UTC) - timedelta(days=1)) == 0
    assert store.abort_uploads(datetime.now(UTC) + timedelta(minutes=1)) == 2
    assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket, Prefix="stale/")


def test_every_part_is_kept_with_its_sha256(s3_server: S3Server, bucket: str, source: Path, tmp_path: Path) -> None:
    store = store_of(s3_server, bucket, tmp_path)
    store.put(source, "summed")
    head = s3_server.client().head_object(Bucket=bucket, Key="summed", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"].endswith("-3")


def test_storage_class_and_encryption_are_as_set(
    s3_server: S3Server, bucket: str, source: Path, tmp_path: Path
) -> None:
    store = store_of(s3_server, bucket, tmp_path, s3_storage_class="STANDARD_IA", s3_encryption="AES256")
    small = tmp_path / "small.bin"
    small.write_bytes(b"small")
    for path, key in ((source, "classed/large"), (small, "classed/small")):
        assert store.put(path, key).storage_class == "STANDARD_IA"
        assert s3_server.client().head_object(Bucket=bucket, Key=key)["ServerSideEncryption"] == "AES256"
        assert b"".join(store.open_range(key)) == path.read_bytes()


@pytest.mark.parametrize("name", ["GLACIER", "DEEP_ARCHIVE"])
def test_a_class_that_cannot_be_read_at_once_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must be thawed before reading"):
        Settings(s3_storage_class=name)


def test_bytes_that_change_on_the_way_are_refused_by_the_server(
    s3_server: S3Server, bucket: str, proxy: FaultProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = proxy.exchange
    monkeypatch.setattr(
        proxy, "exchange", lambda method, path, headers, body: exchange(method, path, headers, b"?" + body[1:])
    )
    small = tmp_path / "small.bin"
    small.write_bytes(b"evidence")
    with pytest.raises(UnavailableError, match="400"):
        store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url).put(small, "altered")
    assert store_of(s3_server, bucket, tmp_path).stat("altered") is None


@dataclass
class Clock:
    """A clock that goes on only while somebody sleeps."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("gateway.storage.pace.time", clock)
    return clock


def test_what_is_uploaded_and_read_keeps_to_its_pace(
    s3_server: S3Server, bucket: str, tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "paced.bin"
    path.write_bytes(bytes(200_000))
    settings = s3_settings(
        s3_server, bucket, data_dir=tmp_path, s3_upload_bytes_per_second=400_000, s3_download_bytes_per_second=100_000
    )
    store = S3Store(settings, bucket)
    started = clock.now
    store.put(path, "paced")
    Pace(settings.run_dir / "archive-up.pace", 400_000).wait(1)  # until the last byte has had its time
    assert clock.now - started == pytest.approx(0.5)
    assert len(b"".join(store.open_range("paced"))) == 200_000
    Pace(settings.run_dir / "archive-down.pace", 100_000).wait(1)
    assert clock.now - started == pytest.approx(2.5)


def test_two_who_share_a_pace_share_it(tmp_path: Path, clock: Clock) -> None:
    first, second = (Pace(tmp_path / "run" / "pace", 1000) for _ in range(2))
    started = clock.now
    first.wait(200)
    assert clock.now == started
    second.wait(1)
    assert clock.now - started == pytest.approx(0.2)


def test_a_lock_is_kept_and_only_grows(s3_server: S3Server, locking_bucket: str, tmp_path: Path) -> None:
    path = tmp_path / "locked.bin"
    path.write_bytes(b"locked")
    store = store_of(s3_server, locking_bucket, tmp_path)
    assert store.can_lock
    stored = store.put(path, "k")
    now = datetime.now(UTC)
    first = store.set_retention("k", stored.version_id, now + timedelta(days=2))
    assert now + timedelta(days=2) <= first < now + timedelta(days=2, seconds=2)
    assert store.set_retention("k", stored.version_id, now + timedelta(days=1)) == first
    assert store.set_retention("k", stored.version_id, now + timedelta(days=3)) > first
    with pytest.raises(LockedError, match="it is locked"):
        store.delete("k", stored.version_id)
    assert b"".join(store.open_range("k", version_id=stored.version_id)) == b"locked"


def test_a_legal_hold_keeps_an_object_until_it_is_released(
    s3_server: S3Server, locking_bucket: str, tmp_path: Path
) -> None:
    path = tmp_path / "held.bin"
    path.write_bytes(b"held")
    store = store_of(s3_server, locking_bucket, tmp_path)
    stored = store.put(path, "held")
    store.set_legal_hold("held", stored.version_id, True)
    with pytest.raises(LockedError):
        store.delete("held", stored.version_id)
    store.set_legal_hold("held", stored.version_id, False)
    store.delete("held", stored.version_id)
    assert list(store.versions("held")) == []


def test_without_object_lock_nothing_can_be_locked(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    store = store_of(s3_server, bucket, tmp_path)
    assert not store.can_lock
    with pytest.raises(ConflictError, match="no Object Lock"):
        store.set_retention("k", None, datetime.now(UTC))
    with pytest.raises(ConflictError, match="no Object Lock"):
        store.set_legal_hold("k", None, True)


def test_a_lock_that_the_server_takes_and_forgets_is_reported(
    s3_server: S3Server, locking_bucket: str, proxy: FaultProxy, tmp_path: Path
) -> None:
    path = tmp_path / "f.bin"
    path.write_bytes(b"forgotten")
    store = store_of(s3_server, locking_bucket, tmp_path, s3_endpoint=proxy.url)
    stored = store.put(path, "forgotten")
    proxy.fault = Fault(lambda method, target: method == "PUT" and "retention" in target, status=200)
    with pytest.raises(UnavailableError, match="does not keep it"):
        store.set_retention("forgotten", stored.version_id, datetime.now(UTC) + timedelta(days=1))


def test_all_versions_below_a_prefix_are_listed(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    path = tmp_path / "v.bin"
    store = store_of(s3_server, bucket, tmp_path)
    put = []
    for key, body in (("many/a", b"1"), ("many/a", b"22"), ("many/b", b"3"), ("manyother", b"4")):
        path.write_bytes(body)
        put.append(store.put(path, key)[:3])
    found = [row[:3] for row in store.versions("many/")]
    assert sorted(found, key=str) == sorted(put[:3], key=str)


def test_a_range_that_the_server_does_not_keep_to_is_refused(
    s3_server: S3Server, bucket: str, proxy: FaultProxy, tmp_path: Path
) -> None:
    path = tmp_path / "r.bin"
    path.write_bytes(b"0123456789")
    store = store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url)
    store.put(path, "ranged")
    proxy.fault = Fault(lambda method, _path: method == "GET", status=200)
    with pytest.raises(UnavailableError, match="answered with bytes"):
        store.open_range("ranged", 4, 2)


class TestPromises:
    """What is looked at before evidence is trusted to a bucket."""

    def test_a_bucket_that_keeps_them_all(self, s3_server: S3Server, locking_bucket: str, tmp_path: Path) -> None:
        store = store_of(s3_server, locking_bucket, tmp_path, s3_prefix="site/")
        found = store.check(Required(versioning=True, object_lock="a policy"))
        assert {check.requirement: check.state for check in found} == dict.fromkeys(Requirement, RequirementState.MET)
        assert list(store.versions("site/reelgate-check/")) == []

    def test_one_without_what_is_demanded(self, s3_server: S3Server, tmp_path: Path) -> None:
        bare = s3_server.create_bucket(versioned=False)
        store = store_of(s3_server, bare, tmp_path)
        demanded = by_requirement(store.check(Required(versioning=True, object_lock='the retention policy "Vendors"')))
        assert demanded[Requirement.VERSIONING].state is RequirementState.UNMET
        assert "turn it on" in demanded[Requirement.VERSIONING].detail
        assert demanded[Requirement.OBJECT_LOCK].state is RequirementState.UNMET
        assert 'the retention policy "Vendors" requires' in demanded[Requirement.OBJECT_LOCK].detail
        found = by_requirement(store.check(NOTHING))
        assert (
            found[Requirement.VERSIONING].state is found[Requirement.OBJECT_LOCK].state is RequirementState.NOT_REQUIRED
        )

    @pytest.mark.parametrize("way", ["policy", "access list"])
    def test_one_that_is_open_to_everybody(self, way: str, s3_server: S3Server, tmp_path: Path) -> None:
        public = s3_server.create_bucket()
        if way == "policy":
            statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
            policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": f"arn:aws:s3:::{public}/*"}]}
            s3_server.client().put_bucket_policy(Bucket=public, Policy=json.dumps(policy))
        else:
            s3_server.client().put_bucket_acl(Bucket=public, ACL="public-read")
        found = by_requirement(store_of(s3_server, public, tmp_path).check(NOTHING))
        assert found[Requirement.NOT_PUBLIC].state is RequirementState.UNMET
        assert way in found[Requirement.NOT_PUBLIC].detail
        assert found[Requirement.ROUND_TRIP].state is RequirementState.UNMET
        assert "readable without a key" in found[Requirement.ROUND_TRIP].detail

    def test_a_server_that_refuses_what_uploads_carry_is_found_and_quoted(
        self, s3_server: S3Server, bucket: str, tmp_path: Path
    ) -> None:
        with NoChecksums(s3_server.url) as proxy:
            found = by_requirement(store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url).check(NOTHING))
        assert found[Requirement.ROUND_TRIP].state is RequirementState.UNMET
        assert "400 InvalidArgument: Unsupported header x-amz-checksum-sha256" in found[Requirement.ROUND_TRIP].detail

    def test_not_supported_is_not_unsafe(
        self, s3_server: S3Server, bucket: str, proxy: FaultProxy, tmp_path: Path
    ) -> None:
        questions = ("policyStatus", "?acl", "publicAccessBlock")
        proxy.fault = Fault(lambda _method, path: any(part in path for part in questions), 501, "NotImplemented")
        found = by_requirement(store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url).check(NOTHING))
        assert found[Requirement.NOT_PUBLIC].state is RequirementState.NOT_SUPPORTED
        assert found[Requirement.ROUND_TRIP].state is RequirementState.MET

    def test_a_demand_that_cannot_be_looked_at_is_not_taken_as_kept(
        self, s3_server: S3Server, bucket: str, proxy: FaultProxy, tmp_path: Path
    ) -> None:
        proxy.fault = Fault(lambda _method, path: "versioning" in path, 403, "AccessDenied")
        store = store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url)
        found = by_requirement(store.check(Required(versioning=True, object_lock=None)))
        assert found[Requirement.VERSIONING].state is RequirementState.UNMET

    @pytest.mark.parametrize(
        ("changed", "text"),
        [
            ({"s3_secret_key": "wrong"}, "403"),
            ({"s3_endpoint": "http://127.0.0.1:9"}, "does not answer"),
        ],
    )
    def test_one_that_cannot_be_reached(
        self, changed: dict[str, str], text: str, s3_server: S3Server, bucket: str, tmp_path: Path
    ) -> None:
        [check] = store_of(s3_server, bucket, tmp_path, **changed).check(NOTHING)
        assert (check.requirement, check.state) == (Requirement.REACHABLE, RequirementState.UNMET)
        assert text in check.detail

    def test_one_that_is_not_there(self, s3_server: S3Server, tmp_path: Path) -> None:
        [check] = store_of(s3_server, "no-such-bucket", tmp_path).check(NOTHING)
        assert check == RequirementCheck(
            Requirement.REACHABLE, RequirementState.UNMET, "there is no bucket no-such-bucket"
        )

    def test_one_that_gives_back_other_bytes(
        self, s3_server: S3Server, bucket: str, proxy: FaultProxy, tmp_path: Path
    ) -> None:
        proxy.fault = Fault(
            lambda method, path: method == "GET" and "reelgate-check" in path, spoil=lambda body: b"?" + body[1:]
        )
        found = by_requirement(store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url).check(NOTHING))
        assert found[Requirement.ROUND_TRIP].state is RequirementState.UNMET
        assert "came back changed" in found[Requirement.ROUND_TRIP].detail

    def test_a_clock_that_is_wrong(
        self, s3_server: S3Server, bucket: str, proxy: FaultProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        exchange = proxy.exchange

        def in_the_past(*request: Any) -> tuple[int, Any, bytes]:
            status, headers, body = exchange(*request)
            headers.replace_header("Date", "Mon, 01 Jan 2024 00:00:00 GMT")
            return status, headers, body

        monkeypatch.setattr(proxy, "exchange", in_the_past)
        found = by_requirement(store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url).check(NOTHING))
        assert found[Requirement.CLOCK].state is RequirementState.UNMET
        assert "synchronise them by NTP" in found[Requirement.CLOCK].detail


def by_requirement(checks: list[RequirementCheck]) -> dict[Requirement, RequirementCheck]:
    return {check.requirement: check for check in checks}


@pytest.mark.parametrize(
    ("status", "code", "text"),
    [
        (507, "InsufficientStorage", "full"),
        (403, "QuotaExceeded", "full"),
        (500, "InternalError", "answered 500"),
        (503, "SlowDown", "answered 503"),
        (403, "RequestTimeTooSkewed", "clock"),
        (403, "AccessDenied", "rejects the access key"),
    ],
)
def test_what_the_server_says_is_put_in_words(
    status: int, code: str, text: str, s3_server: S3Server, bucket: str, proxy: FaultProxy, tmp_path: Path
) -> None:
    path = tmp_path / "f.bin"
    path.write_bytes(b"x")
    proxy.fault = Fault(lambda method, _path: method == "PUT", status, code)
    with pytest.raises(UnavailableError, match=text):
        store_of(s3_server, bucket, tmp_path, s3_endpoint=proxy.url).put(path, "k")
