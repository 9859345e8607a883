"""Recordings get their dates from the policies, and again when those change."""

from datetime import timedelta

from gateway.core.policy.retention import RiskClass
from gateway.core.recording.states import RecordingState
from gateway.core.work import TaskKind
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import Task
from gateway.db.repositories import recordings
from gateway.retention import lock_until, set_dates, set_dates_of_all
from tests.gateway.retention.conftest import AddRecording, add_policy, days_from_now, get, tiered

HOT_DAYS = 30.0


def test_old_recordings_get_dates_and_nothing_is_changed_twice(database: Database, add: AddRecording) -> None:
    old, purged = add(10), add(10, state=RecordingState.PURGED)
    running = add(0, state=RecordingState.OPEN, closed_at=None)
    broken = add(10, state=RecordingState.BROKEN, closed_at=None)
    assert set_dates_of_all(database, HOT_DAYS) == 2
    assert set_dates_of_all(database, HOT_DAYS) == 0
    found = get(database, old)
    assert (days_from_now(found.retain_until_at), days_from_now(found.purge_after_at)) == (355, 385)
    assert get(database, broken).retain_until_at is not None
    assert get(database, running).retain_until_at is None
    assert get(database, purged).retain_until_at is None


def test_a_changed_policy_moves_its_own_recordings_alone(database: Database, add: AddRecording, target: str) -> None:
    vendor, other = add(1, risk_class=RiskClass.VENDOR), add(1, target_id=target)
    set_dates_of_all(database, HOT_DAYS)
    add_policy(database, risk_class=RiskClass.VENDOR, retain_for_days=700, delete_after_days=None)
    assert set_dates_of_all(database, HOT_DAYS) == 1
    found = get(database, vendor)
    assert (days_from_now(found.retain_until_at), found.purge_after_at) == (699, None)
    assert days_from_now(get(database, other).retain_until_at) == 364


def test_a_removed_policy_does_not_apply(database: Database, add: AddRecording, target: str) -> None:
    recording_id = add(1, target_id=target)
    add_policy(database, target_id=target, removed_at=utc_now())
    set_dates_of_all(database, HOT_DAYS)
    assert days_from_now(get(database, recording_id).retain_until_at) == 364


def test_a_sealed_recording_gets_its_dates_and_an_open_one_none(database: Database, add: AddRecording) -> None:
    sealed, running = add(0), add(0, state=RecordingState.OPEN, closed_at=None)
    with database.write() as session:
        for recording_id in (sealed, running):
            set_dates(session, recordings.get(session, recording_id))
    assert days_from_now(get(database, sealed).purge_after_at) == 395
    assert get(database, running).purge_after_at is None


def test_objects_are_locked_while_retention_lasts_and_only_by_a_policy_that_locks(
    database: Database, add: AddRecording, target: str
) -> None:
    plain, locked, over = add(1), add(1, target_id=target), add(50, target_id=target)
    add_policy(database, target_id=target, retain_for_days=20, object_lock=True)
    with database.read() as session:
        found = {name: lock_until(session, recordings.get(session, name)) for name in (plain, locked, over)}
    assert {name: days_from_now(until) for name, until in found.items()} == {plain: None, locked: 19, over: None}


def test_hot_days_are_the_settings_until_a_policy_says_otherwise(
    database: Database, add: AddRecording, target: str
) -> None:
    recording_id = add(1, target_id=target, state=RecordingState.ARCHIVED)
    tiered(database, recording_id)
    assert days_from_now(get(database, recording_id).hot_until_at) == 30
    add_policy(database, target_id=target, hot_days=2)
    set_dates_of_all(database, HOT_DAYS)
    assert days_from_now(get(database, recording_id).hot_until_at) == 2


def test_what_somebody_asked_back_to_hot_storage_keeps_its_own_time(
    database: Database, add: AddRecording, target: str
) -> None:
    recording_id = add(1, target_id=target, state=RecordingState.ARCHIVED)
    tiered(database, recording_id)
    with database.write() as session:
        session.add(Task(kind=TaskKind.RESTORE, recording_id=recording_id, requested_by_name="cora"))
        row = recordings.get(session, recording_id)
        row.hot_until_at = utc_now() + timedelta(days=77)
        session.add(row)
    add_policy(database, target_id=target, hot_days=2)
    set_dates_of_all(database, HOT_DAYS)
    assert days_from_now(get(database, recording_id).hot_until_at) == 77
