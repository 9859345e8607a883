"""Every way of altering the trail is noticed, named, and placed; on both databases."""

import base64
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr
from sqlalchemy import bindparam, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from gateway.audit import Actor, AuditTag, check, checkpoints, record
from gateway.audit.heads import Heads
from gateway.audit.trail import event_hash
from gateway.core.errors import UnavailableError
from gateway.core.trail import BreakKind
from gateway.db.columns import JsonColumn, UtcDateTime, utc_now
from gateway.db.database import Database
from gateway.db.integrity import Integrity
from gateway.db.migrate import upgrade
from gateway.db.models import AuditCheck, AuditCheckpoint, AuditEvent, SigningKey
from gateway.keyring import Keyring
from gateway.keys.signing import Signer
from gateway.keys.site import open_database
from gateway.settings import Settings, get_settings
from gateway.storage.archive import archive_store
from gateway.storage.local import FolderStore
from gateway.storage.stores import LockedError, StoredObject
from tests.parts.database import without_triggers
from tests.parts.program import reelgate
from tests.parts.s3 import S3Server

ANN = Actor("ann", "id-1", "127.0.0.1")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    return Settings.model_validate({"data_dir": tmp_path, **url})


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    upgrade(settings.database)
    database = open_database(settings)
    append(database, 6)
    yield database
    database.close()


@pytest.fixture
def signer(settings: Settings, database: Database) -> Signer:
    """Its public half is put on record without an event of its own."""
    signer = Signer.open(settings)
    with database.write() as session:
        session.add(SigningKey(id=signer.key_id, public_key=base64.b64encode(signer.public_key).decode()))
    return signer


def append(database: Database, count: int) -> None:
    for number in range(count):
        with database.write() as session:
            record(session, AuditTag.SIGN_OUT, ANN, number=number, text="naïve ✓", share=0.25)


def alter(database: Database, *statements: str) -> None:
    """As somebody does who owns the database: what refuses is taken away first."""
    with database.write() as session:
        without_triggers(session)
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def remake(
    database: Database, event_id: int, *, until: int | None = None, signer: Signer | None = None, **columns: str
) -> None:
    """Change an event and make its hash anew, and those of all events behind it up to `until`.

    `signer`: somebody who has the key makes their signatures anew as well.
    """
    with database.read() as session:
        query = select(AuditEvent).where(col(AuditEvent.id) >= event_id).order_by(col(AuditEvent.id))
        rows = [row.model_dump() for row in session.exec(query) if row.id is not None and row.id <= (until or event_id)]
    statements = []
    rows[0] |= columns
    for before, row in zip([None, *rows], rows, strict=False):
        row["previous_hash"] = before["hash"] if before else row["previous_hash"]
        row["hash"] = event_hash(row)
        if signer is not None:
            signature = signer.sign(b"reelgate audit event v1\n" + row["hash"].encode())
            row["signature"] = base64.b64encode(signature).decode()
        changed = ("actor_name", "previous_hash", "hash", "signature")
        values = ", ".join(f"{name} = '{row[name]}'" for name in changed)
        statements.append(f"UPDATE audit_events SET {values} WHERE id = {row['id']}")  # noqa: S608
    alter(database, *statements)


COPY = (
    "INSERT INTO audit_events (id, at, tag, actor_id, actor_name, address, subject_id, details, previous_hash, hash, key_id, signature)"
    " SELECT {new}, at, tag, actor_id, actor_name, address, subject_id, details, previous_hash, hash, key_id, signature"
    " FROM audit_events WHERE id = {old}"
)


def found(database: Database, signer: Signer) -> tuple[BreakKind | None, int | None]:
    row = check.check(database, signer, "ann")
    return row.broken_kind, row.broken_event_id


def test_an_untouched_trail_is_sound_and_signed_where_it_ends(database: Database, signer: Signer) -> None:
    told: list[tuple[int, int]] = []
    row = check.check(database, signer, "ann", progress=lambda done, total: told.append((done, total)))
    assert (row.broken_kind, row.event_id, row.event_count) == (None, 6, 6)
    assert told == [(6, 6)]
    with database.read() as session:
        checkpoint = checkpoints.newest(session)
        state = check.state(session)
    assert checkpoint is not None
    assert checkpoint.event_id == 6
    assert (state.sound_event_id, state.head_event_id, state.broken) == (6, 6, None)


@pytest.mark.parametrize(
    ("statements", "kind", "broken"),
    [
        (["UPDATE audit_events SET actor_name = 'bob' WHERE id = 2"], BreakKind.CHANGED, 2),
        (["UPDATE audit_events SET details = '{}' WHERE id = 6"], BreakKind.CHANGED, 6),
        (["UPDATE audit_events SET at = '2020-01-01 00:00:00' WHERE id = 1"], BreakKind.CHANGED, 1),
        (["DELETE FROM audit_events WHERE id = 3"], BreakKind.REMOVED, 4),
        (["DELETE FROM audit_events WHERE id IN (1, 2)"], BreakKind.REMOVED, 3),
        (["UPDATE audit_events SET id = 9 WHERE id = 6", COPY.format(new=6, old=4)], BreakKind.INSERTED, 6),
        (["UPDATE audit_events SET id = id + 10 WHERE id > 3", COPY.format(new=4, old=2)], BreakKind.INSERTED, 4),
    ],
)
def test_what_was_altered_is_named(
    database: Database, signer: Signer, statements: list[str], kind: BreakKind, broken: int
) -> None:
    alter(database, *statements)
    assert found(database, signer) == (kind, broken)


def test_a_row_put_in_behind_its_forerunner_with_a_right_hash_is_told_from_the_others(
    database: Database, signer: Signer
) -> None:
    """The copy follows event 3 as event 4 does, which is then behind it."""
    alter(database, "UPDATE audit_events SET id = id + 10 WHERE id > 3", COPY.format(new=4, old=14))
    remake(database, 4, actor_name="bob")
    assert found(database, signer) == (BreakKind.INSERTED, 4)


def test_a_changed_row_with_its_hash_made_anew_is_named(database: Database, signer: Signer) -> None:
    remake(database, 2, actor_name="bob")
    assert found(database, signer) == (BreakKind.CHANGED, 2)


def test_a_tail_made_anew_does_not_fit_its_signatures(database: Database, signer: Signer) -> None:
    remake(database, 2, until=6, actor_name="bob")
    assert found(database, signer) == (BreakKind.CHANGED, 2)


def test_a_tail_made_anew_with_the_key_does_not_fit_its_checkpoint(database: Database, signer: Signer) -> None:
    assert found(database, signer) == (None, None)
    remake(database, 2, until=6, signer=signer, actor_name="bob")
    assert found(database, signer) == (BreakKind.CHANGED, 6)


def forge(database: Database, actor: str, *, signer: Signer | None = None) -> None:
    """Append an event that nobody caused, as the database's owner does: with a right hash."""
    with database.read() as session:
        last = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    row = last.model_dump() | {"previous_hash": last.hash, "actor_name": actor, "key_id": "", "signature": ""}
    row["hash"] = event_hash(row)
    if signer is not None:
        signature = signer.sign(b"reelgate audit event v1\n" + row["hash"].encode())
        row |= {"key_id": signer.key_id, "signature": base64.b64encode(signature).decode()}
    names = [name for name in row if name != "id"]
    insert = text(f"INSERT INTO audit_events ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})")  # noqa: S608
    insert = insert.bindparams(bindparam("details", type_=JsonColumn), bindparam("at", type_=UtcDateTime))
    with database.write() as session:
        session.connection().execute(insert, row)


def test_an_event_that_the_databases_owner_appends_is_told(database: Database, signer: Signer) -> None:
    forge(database, "aud")
    assert found(database, signer) == (BreakKind.FORGED, 7)


def test_an_event_forged_just_before_a_genuine_one_is_told(database: Database, signer: Signer) -> None:
    """The genuine one follows it, and its signature must not vouch for the forgery."""
    assert found(database, signer) == (None, None)
    forge(database, "aud")
    append(database, 1)
    again = check.check_new(database, signer, "timer")
    assert again is not None
    assert (again.broken_kind, again.broken_event_id) == (BreakKind.FORGED, 7)


def test_a_key_that_the_databases_owner_adds_is_not_believed(database: Database, signer: Signer) -> None:
    own = Signer(Ed25519PrivateKey.generate())
    with database.write() as session:
        session.add(SigningKey(id=own.key_id, public_key=base64.b64encode(own.public_key).decode()))
    forge(database, "aud", signer=own)
    assert found(database, signer) == (BreakKind.FORGED, 7)


@pytest.mark.parametrize("left", [0, 4])
def test_a_trail_cut_short_is_noticed(database: Database, signer: Signer, left: int) -> None:
    assert found(database, signer) == (None, None)
    alter(database, f"DELETE FROM audit_events WHERE id > {left}")  # noqa: S608
    assert found(database, signer) == (BreakKind.CUT, left + 1)
    again = check.check_new(database, signer, "timer")
    assert again is not None
    assert again.broken_kind is BreakKind.CUT


def test_a_checkpoint_of_another_key_is_not_believed(database: Database, signer: Signer) -> None:
    assert found(database, signer) == (None, None)
    append(database, 1)
    alter(
        database,
        "INSERT INTO audit_checkpoints (event_id, hash, at, key_id, signature)"
        " SELECT 7, hash, at, key_id, signature FROM audit_checkpoints WHERE event_id = 6",
    )
    assert found(database, signer) == (BreakKind.FORGED, 7)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor_name = 'bob' WHERE id = 2",
        "DELETE FROM audit_events",
        "DELETE FROM audit_checkpoints",
        "UPDATE audit_checkpoints SET hash = ''",
        "all of them at once",
    ],
)
def test_the_database_refuses_to_alter_rows(database: Database, signer: Signer, statement: str) -> None:
    if statement == "all of them at once":
        replace = "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events WHERE id = 2"
        statement = replace if database.is_sqlite else "TRUNCATE audit_events"
    assert found(database, signer) == (None, None)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        session.connection().exec_driver_sql(statement)
    assert found(database, signer) == (None, None)


def test_only_what_is_new_is_followed_by_the_timer_and_an_old_break_stays_known(
    database: Database, signer: Signer
) -> None:
    first = check.check_new(database, signer, "timer")
    assert first is not None
    assert first.event_count == 6
    assert check.check_new(database, signer, "timer") is None
    append(database, 2)
    second = check.check_new(database, signer, "timer")
    assert second is not None
    assert (second.after_event_id, second.event_count, second.broken_kind) == (6, 2, None)
    append(database, 2)
    alter(database, "UPDATE audit_events SET actor_name = 'bob' WHERE id = 9")
    broken = check.check_new(database, signer, "timer")
    assert broken is not None
    assert (broken.broken_kind, broken.broken_event_id) == (BreakKind.CHANGED, 9)
    append(database, 1)
    assert (behind := check.check_new(database, signer, "timer")) is not None
    assert (behind.after_event_id, behind.broken_kind) == (10, None)
    with database.read() as session:
        state = check.state(session)
        assert len(session.exec(select(AuditCheckpoint)).all()) == 4
        assert len(session.exec(select(AuditCheck)).all()) == 2, "the first, from the first event on, and the break"
    assert state.broken is not None
    assert (state.broken.broken_event_id, state.sound_event_id) == (9, 8)


def test_times_that_go_back_are_remarked_on_and_are_no_break(
    database: Database, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = utc_now()
    for later in (0, -2, -3600, 10):
        monkeypatch.setattr("gateway.audit.trail.utc_now", lambda later=later: now + timedelta(seconds=later))
        append(database, 1)
    row = check.check(database, signer, "ann")
    assert row.broken_kind is None
    [remark] = row.remarks
    assert "event 9 of " in remark
    assert remark.endswith("is 3598 s earlier than the previous one")


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
        kept = check.head_event_id(session)
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


@pytest.fixture
def _environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(settings.data_dir))
    if settings.database_url:
        monkeypatch.setenv("REELGATE_DATABASE_URL", settings.database_url.get_secret_value())
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.usefixtures("_environment")
def test_the_commands(database: Database, settings: Settings, tmp_path: Path) -> None:
    Keyring.open(settings, database)  # which puts the keys it makes into the trail
    sound = reelgate("audit", "verify")
    assert sound.exit_code == 0
    assert sound.stdout.startswith("sound: 8 events, up to event 8\nnewest head outside the database: none")
    assert "head outside the database: event 8 of " in reelgate("audit", "verify").stdout
    kept = tmp_path / "kept.json"
    kept.write_text(reelgate("audit", "head").stdout)
    append(database, 2)
    since = reelgate("audit", "verify", "--since", kept, "--json")
    assert since.exit_code == 0
    assert json.loads(since.stdout)["event_count"] == 2
    # All of it made anew, checkpoints taken away: what was kept elsewhere still knows.
    alter(database, "DELETE FROM audit_checkpoints")
    remake(database, 2, until=10, signer=Signer.open(settings), actor_name="bob")
    told = reelgate("audit", "verify")
    assert told.exit_code == 1
    assert "event 8 of " in told.stdout
    assert "kept in" in told.stdout
    late = reelgate("audit", "verify", "--since", kept)
    assert late.exit_code == 1
    assert late.stdout.startswith("broken: event 8 of ")
    altered = json.loads(kept.read_text()) | {"event_id": 5}
    kept.write_text(json.dumps(altered))
    refused = reelgate("audit", "verify", "--since", kept)
    assert refused.exit_code == 2
    assert "was altered" in refused.stderr
