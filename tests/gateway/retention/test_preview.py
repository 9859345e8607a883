"""A change of the policies, tried out: what would move, what would go, what that comes into conflict with."""

from datetime import timedelta

import pytest

from gateway.core.policy.access import Role
from gateway.core.policy.retention import DEFAULT_POLICY, Policy, changed
from gateway.core.recording.states import RecordingState
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveObject, Hold, User
from gateway.db.repositories import recordings, retention
from gateway.retention import set_dates_of_all
from gateway.retention.preview import Effect, effect
from tests.gateway.retention.conftest import AddRecording, get, tiered


def try_out(database: Database, new: Policy | None, policy_id: str = DEFAULT_POLICY) -> Effect:
    with database.read() as session:
        policies = changed(retention.in_force(session), policy_id, new)
        return effect(session, policies, 30, utc_now())


def default(retain: float, delete: float | None) -> Policy:
    return Policy(DEFAULT_POLICY, "Default", retain, delete)


@pytest.fixture
def three(database: Database, add: AddRecording) -> list[str]:
    """Of ended 100, 90 and 5 days ago."""
    ids = [add(100), add(90, size_bytes=None), add(5, size_bytes=7)]
    set_dates_of_all(database, 30)
    return ids


def test_what_changes_nothing_moves_nothing(database: Database, three: list[str]) -> None:
    assert three
    found = try_out(database, default(365, 395))
    assert [found.moved.count, found.due_now.count, found.shorter.count] == [0, 0, 0]


def test_what_becomes_due_now_and_soon_is_told_apart(database: Database, three: list[str]) -> None:
    found = try_out(database, default(30, 95))
    assert (found.moved.count, found.moved.size_bytes) == (3, 1007)
    assert [one.recording.id for one in found.due_now.examples] == [three[0]]
    assert [one.recording.id for one in found.due_soon.examples] == [three[1]]
    assert found.due_soon.examples[0].before == get(database, three[1]).purge_after_at
    assert found.shorter.count == 3
    assert get(database, three[0]).purge_after_at == found.due_now.examples[0].before, "nothing was changed"


def test_keeping_for_longer_is_no_conflict(database: Database, three: list[str]) -> None:
    assert three
    found = try_out(database, default(700, None))
    assert (found.moved.count, found.due_now.count, found.shorter.count) == (3, 0, 0)


def test_what_is_held_or_locked_is_a_conflict(database: Database, three: list[str]) -> None:
    with database.write() as session:
        user = User(username="cora", display_name="Cora", role=Role.COMPLIANCE, password_hash="-")
        session.add(user)
        session.flush()
        session.add(Hold(recording_id=three[0], reason="lawsuit", owner_id=user.id, owner_name="Cora"))
        recordings.put_archive_object(
            session,
            ArchiveObject(
                recording_id=three[1],
                name="video.mp4",
                key="k",
                size_bytes=1,
                sha256="-",
                locked_until_at=utc_now() + timedelta(days=200),
                verified_at=utc_now(),
            ),
        )
    found = try_out(database, default(30, 95))
    assert ([one.recording.id for one in found.held.examples], found.due_now.count) == ([three[0]], 0)
    assert [one.recording.id for one in found.locked.examples] == [three[1]]


def test_a_removed_policy_leaves_its_recordings_to_the_next(database: Database, add: AddRecording, target: str) -> None:
    recording_id = add(50, target_id=target)
    with database.read() as session:
        narrow = Policy("narrow", "Narrow", 10, 40, target_id=target)
        found = effect(session, changed(retention.in_force(session), "narrow", narrow), 30, utc_now())
    assert [one.recording.id for one in found.due_now.examples] == [recording_id]


def test_hot_copies_that_would_leave_the_disk_are_counted(database: Database, add: AddRecording) -> None:
    recording_id = add(10, state=RecordingState.ARCHIVED)
    tiered(database, recording_id)
    found = try_out(database, Policy(DEFAULT_POLICY, "Default", 365, 395, hot_days=0))
    assert found.leaving_hot.count == 1
