"""Heads of the trail are stamped by a real authority, and a stamp that does not fit is said."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.audit import check
from gateway.audit.heads import Heads
from gateway.audit.timestamps import stamp, stamped_at
from gateway.core.errors import DamagedError, InvalidInputError, UnavailableError
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import SigningKey
from gateway.keys.signing import Signer
from gateway.keys.site import open_database
from gateway.settings import Settings
from gateway.storage.local import FolderStore
from tests.gateway.audit.check.altering import append
from tests.parts.database import upgrade
from tests.parts.timestamps import TimeStampingAuthority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeStampingAuthority]:
    with TimeStampingAuthority(tmp_path_factory.mktemp("tsa")) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path, authority: TimeStampingAuthority) -> Settings:
    return Settings(data_dir=tmp_path, timestamp_url=authority.url, timestamp_ca=authority.root, _env_file=None)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    upgrade(settings.database)
    database = open_database(settings)
    append(database, 2)
    yield database
    database.close()


@pytest.fixture
def signer(settings: Settings, database: Database) -> Signer:
    signer = Signer.open(settings)
    with database.write() as session:
        session.add(SigningKey(id=signer.key_id, public_key=base64.b64encode(signer.public_key).decode()))
    return signer


def test_a_stamp_says_when_and_is_checked_by_the_root_that_is_set(
    settings: Settings, authority: TimeStampingAuthority, tmp_path: Path
) -> None:
    before = utc_now().replace(microsecond=0)
    response = stamp(settings, b"a head")
    at, is_checked = stamped_at(settings, b"a head", response)
    assert before <= at <= utc_now()
    assert is_checked
    with pytest.raises(DamagedError, match="is invalid"):
        stamped_at(settings, b"another head", response)
    unchecked = settings.model_copy(update={"timestamp_ca": None})
    assert stamped_at(unchecked, b"a head", response) == (at, False)
    with pytest.raises(DamagedError, match="for something else"):
        stamped_at(unchecked, b"another head", response)
    (tmp_path / "other").mkdir()
    with TimeStampingAuthority(tmp_path / "other") as other, pytest.raises(DamagedError):
        stamped_at(settings.model_copy(update={"timestamp_ca": other.root}), b"a head", response)
    assert authority.request_count >= 1


def test_the_answer_to_another_request_is_refused(settings: Settings, authority: TimeStampingAuthority) -> None:
    old = stamp(settings, b"a head")
    with pytest.MonkeyPatch.context() as replay:
        replay.setattr(authority, "reply", lambda _query: old)
        with pytest.raises(DamagedError, match="a different request"):
            stamp(settings, b"a head")
        replay.setattr(authority, "reply", lambda _query: b"no DER")
        with pytest.raises(DamagedError, match="not a time stamp"):
            stamp(settings, b"a head")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x"])
def test_only_the_web_is_asked(settings: Settings, url: str) -> None:
    with pytest.raises(InvalidInputError, match="give an http"):
        stamp(settings.model_copy(update={"timestamp_url": url}), b"a head")


def test_heads_are_stamped_archived_and_said(
    database: Database, signer: Signer, settings: Settings, authority: TimeStampingAuthority, tmp_path: Path
) -> None:
    heads = Heads(settings, FolderStore(tmp_path / "archive"))
    before = authority.request_count
    assert check.check_new(database, signer, "timer", heads=heads) is not None
    append(database, 1)
    assert check.check_new(database, signer, "timer", heads=heads) is not None
    assert authority.request_count == before + 1, "one an hour"
    row = check.check(database, signer, "ann", heads=heads)
    assert "event 2 was time-stamped " in row.outside
    kept = sorted(path.suffix for path in (tmp_path / "archive" / "audit" / "stamps").iterdir())
    assert kept == [".json", ".tsr"]
    (settings.keys_folder / "heads" / "stamped.tsr").write_bytes(stamp(settings, b"other"))
    row = check.check(database, signer, "ann", heads=heads)
    assert "its time stamp is not reliable" in row.outside


def test_an_authority_that_is_away_stops_nothing(database: Database, signer: Signer, settings: Settings) -> None:
    away = settings.model_copy(update={"timestamp_url": "http://127.0.0.1:9/"})
    with pytest.raises(UnavailableError, match="does not answer"):
        stamp(away, b"a head")
    row = check.check_new(database, signer, "timer", heads=Heads(away, None))
    assert row is not None
    assert row.broken_kind is None
