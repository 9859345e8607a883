"""A trail that was rolled back does not fit its heads kept elsewhere; on both databases."""

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from gateway.audit import check, checkpoints
from gateway.audit.heads import Heads
from gateway.core.errors import UnavailableError
from gateway.core.trail import BreakKind
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.integrity import Integrity
from gateway.db.repositories import audit_chain
from gateway.keyring import Keyring
from gateway.keys.signing import Signer
from gateway.keys.site import open_database
from gateway.settings import Settings
from gateway.storage.archive import archive_store
from gateway.storage.local import FolderStore
from gateway.storage.stores import LockedError, StoredObject
from tests.gateway.audit.check.altering import alter, append
from tests.parts.database import upgrade
from tests.parts.s3 import S3Server


@pytest.fixture
def archive(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "archive")


@pytest.fixture
def heads(settings: Settings, archive: FolderStore) -> Heads:
    return Heads(settings, archive)


def roll_back(database: Database, event_id: int) -> None:
    """To an earlier signed head: events, checkpoints and checks behind it never were."""
    alter(
        database,
        f"DELETE FROM audit_events WHERE id > {event_id}",  # noqa: S608
        f"DELETE FROM audit_checkpoints WHERE event_id > {event_id}",  # noqa: S608
        "DELETE FROM audit_checks",
    )


def both_places(settings: Settings, archive: FolderStore) -> list[Path]:
    return [settings.keys_folder / "heads", Path(archive.place) / "audit"]


@pytest.mark.parametrize("left", [0, 1])
def test_a_trail_rolled_back_to_a_signed_head_does_not_fit_those_kept_elsewhere(
    database: Database, signer: Signer, settings: Settings, heads: Heads, archive: FolderStore, left: int
) -> None:
    assert check.check_new(database, signer, "timer") is not None
    append(database, 3)
    assert check.check_new(database, signer, "timer", heads=heads) is not None
    shutil.rmtree(both_places(settings, archive)[left])  # each of the two places is enough
    roll_back(database, 6)
    assert check.check_new(database, signer, "timer") is None, "nothing in the database tells"
    row = check.check(database, signer, "ann", heads=heads)
    assert (row.broken_kind, row.broken_event_id) == (BreakKind.CUT, 7)
    timer = check.check_new(database, signer, "timer", heads=heads)
    assert timer is not None
    assert timer.broken_kind is BreakKind.CUT


def test_a_lost_write_ahead_log_is_told_by_the_heads_kept_elsewhere(tmp_path: Path) -> None:
    """The database's file alone is sound: it is merely as it was some time ago."""
    whole = Settings(data_dir=tmp_path)
    heads = Heads(whole, FolderStore(tmp_path / "archive"))
    upgrade(whole.database)
    database = open_database(whole)
    signer = Keyring.open(whole, database).signer()
    append(database, 6)
    assert check.check_new(database, signer, "timer", heads=heads) is not None
    with database.read() as session:
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.read() as session:
        kept = audit_chain.head_event_id(session)
    append(database, 3)
    assert check.check_new(database, signer, "timer", heads=heads) is not None
    shutil.copy(tmp_path / "reelgate.db", tmp_path / "without-log.db")
    database.close()

    left = open_database(whole.model_copy(update={"database_url": SecretStr(f"sqlite:///{tmp_path}/without-log.db")}))
    integrity = Integrity()
    integrity.check(left)
    assert integrity.damage is None
    assert check.check(left, signer, "ann").broken_kind is None, "nothing in the database tells"
    row = check.check_new(left, signer, "timer", heads=heads)
    left.close()
    assert row is not None
    assert (row.broken_kind, row.broken_event_id) == (BreakKind.CUT, kept + 1)


def test_a_trail_that_grew_again_after_it_was_rolled_back_stays_broken(
    database: Database, signer: Signer, heads: Heads
) -> None:
    assert check.check_new(database, signer, "timer") is not None
    append(database, 3)
    assert check.check_new(database, signer, "timer", heads=heads) is not None
    roll_back(database, 6)
    append(database, 8)
    # PostgreSQL gives no id twice; SQLite does.
    kind = BreakKind.CHANGED if database.is_sqlite else BreakKind.REMOVED
    for _ in range(2):  # what is kept elsewhere is not replaced by what contradicts it
        append(database, 1)
        row = check.check_new(database, signer, "timer", heads=heads)
        assert row is not None
        assert (row.broken_kind, row.broken_event_id) == (kind, 9)


def test_a_head_that_another_key_signed_is_not_believed(
    database: Database, signer: Signer, settings: Settings, heads: Heads
) -> None:
    assert check.check_new(database, signer, "timer", heads=heads) is not None
    [path] = (settings.keys_folder / "heads").iterdir()
    own = Signer(Ed25519PrivateKey.generate())
    at = utc_now()
    message = checkpoints.signed_message(6, "0" * 64, at, own.key_id)
    forged = checkpoints.KeptCheckpoint(
        6,
        "0" * 64,
        at,
        own.key_id,
        base64.b64encode(own.public_key).decode(),
        base64.b64encode(own.sign(message)).decode(),
    )
    path.write_text(forged.to_json())
    assert check.check(database, signer, "ann", heads=heads).broken_kind is BreakKind.FORGED


def test_old_heads_make_way_for_newer_ones(
    database: Database, signer: Signer, settings: Settings, heads: Heads
) -> None:
    for _ in range(3):
        append(database, 1)
        assert check.check_new(database, signer, "timer", heads=heads) is not None
    assert [path.name for path in (settings.keys_folder / "heads").iterdir()] == ["000000000009.json"]
    assert check.check(database, signer, "ann", heads=heads).outside.startswith("event 9 of ")


def test_an_archive_that_is_away_is_said_and_stops_nothing(
    database: Database, signer: Signer, settings: Settings, archive: FolderStore
) -> None:
    class Away(FolderStore):
        def versions(self, prefix: str) -> Iterator[StoredObject]:
            raise UnavailableError(f"no answer for {prefix.partition('/')[0]}")

    row = check.check_new(database, signer, "timer", heads=Heads(settings, Away(Path(archive.place))))
    assert row is not None
    assert (row.broken_kind, row.outside) == (None, "the archive was not checked: no answer for audit")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_heads_are_locked_where_the_archive_can(
    database: Database, signer: Signer, settings: Settings, s3_server: S3Server
) -> None:
    bucket = s3_server.create_bucket(object_lock=True)
    given = {name.removeprefix("REELGATE_").lower(): value for name, value in s3_server.settings(bucket).items()}
    changed = Settings.model_validate({"data_dir": settings.data_dir, "audit_head_lock_days": 1, **given})
    store = archive_store(changed)
    assert check.check_new(database, signer, "timer", heads=Heads(changed, store)) is not None
    [kept] = [stored for stored in store.versions("audit/heads/") if stored.size_bytes]
    with pytest.raises(LockedError):
        store.delete(kept.key, kept.version_id)
    store.delete(kept.key)  # a marker, behind which the version stays
    shutil.rmtree(settings.keys_folder / "heads")
    append(database, 1)
    roll_back(database, 3)
    assert check.check(database, signer, "ann", heads=Heads(changed, store)).broken_kind is BreakKind.CUT
