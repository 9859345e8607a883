"""Every way of altering the trail is noticed, named, and placed; on both databases."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from gateway.audit import Actor, AuditTag, check, checkpoints, record
from gateway.audit.trail import event_hash
from gateway.core.trail import BreakKind
from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.db.models import AuditCheck, AuditCheckpoint, AuditEvent, SigningKey
from gateway.keys.keyring import Keyring
from gateway.keys.signing import Signer
from gateway.settings import Settings, get_settings
from tests.parts.program import reelgate

ANN = Actor("ann", "id-1", "127.0.0.1")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    return Settings.model_validate({"data_dir": tmp_path, **url})


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    upgrade(settings.database)
    database = Database(settings.database)
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
        connection = session.connection()
        if database.is_sqlite:
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
            for name in [name for name in triggers if name.startswith("audit_")]:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)


def remake(database: Database, event_id: int, *, until: int | None = None, **columns: str) -> None:
    """Change an event and make its hash anew, and those of all events behind it up to `until`."""
    with database.read() as session:
        query = select(AuditEvent).where(col(AuditEvent.id) >= event_id).order_by(col(AuditEvent.id))
        rows = [row.model_dump() for row in session.exec(query) if row.id is not None and row.id <= (until or event_id)]
    statements = []
    rows[0] |= columns
    for before, row in zip([None, *rows], rows, strict=False):
        row["previous_hash"] = before["hash"] if before else row["previous_hash"]
        row["hash"] = event_hash(row)
        values = ", ".join(f"{name} = '{row[name]}'" for name in ("actor_name", "previous_hash", "hash"))
        statements.append(f"UPDATE audit_events SET {values} WHERE id = {row['id']}")  # noqa: S608
    alter(database, *statements)


COPY = (
    "INSERT INTO audit_events (id, at, tag, actor_id, actor_name, address, subject_id, details, previous_hash, hash)"
    " SELECT {new}, at, tag, actor_id, actor_name, address, subject_id, details, previous_hash, hash"
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


def test_a_tail_made_anew_does_not_fit_its_checkpoint(database: Database, signer: Signer) -> None:
    assert found(database, signer) == (None, None)
    remake(database, 2, until=6, actor_name="bob")
    assert found(database, signer) == (BreakKind.CHANGED, 6)


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
    assert (sound.exit_code, sound.stdout) == (0, "sound: 8 events, up to event 8\n")
    kept = tmp_path / "kept.json"
    kept.write_text(reelgate("audit", "head").stdout)
    append(database, 2)
    since = reelgate("audit", "verify", "--since", kept, "--json")
    assert since.exit_code == 0
    assert json.loads(since.stdout)["event_count"] == 2
    # All of it made anew, checkpoints taken away: what was kept elsewhere still knows.
    alter(database, "DELETE FROM audit_checkpoints")
    remake(database, 2, until=10, actor_name="bob")
    assert reelgate("audit", "verify").exit_code == 0
    late = reelgate("audit", "verify", "--since", kept)
    assert late.exit_code == 1
    assert late.stdout.startswith("broken: event 8 of ")
    altered = json.loads(kept.read_text()) | {"event_id": 5}
    kept.write_text(json.dumps(altered))
    refused = reelgate("audit", "verify", "--since", kept)
    assert refused.exit_code == 2
    assert "was altered" in refused.stderr
