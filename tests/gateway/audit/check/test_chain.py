"""Every way of altering the trail is noticed, named, and placed; on both databases."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from gateway.audit import check
from gateway.core.trail import BreakKind
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AuditCheck, AuditCheckpoint, SigningKey
from gateway.db.repositories import audit_chain
from gateway.keys.signing import Signer
from tests.gateway.audit.check.altering import COPY, alter, append, forge, found, remake


def test_an_untouched_trail_is_sound_and_signed_where_it_ends(database: Database, signer: Signer) -> None:
    told: list[tuple[int, int]] = []
    row = check.check(database, signer, "ann", progress=lambda done, total: told.append((done, total)))
    assert (row.broken_kind, row.event_id, row.event_count) == (None, 6, 6)
    assert told == [(6, 6)]
    with database.read() as session:
        checkpoint = audit_chain.newest_checkpoint(session)
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


def test_an_event_that_the_databases_owner_appends_is_reported(database: Database, signer: Signer) -> None:
    forge(database, "aud")
    assert found(database, signer) == (BreakKind.FORGED, 7)


def test_an_event_forged_just_before_a_genuine_one_is_reported(database: Database, signer: Signer) -> None:
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
