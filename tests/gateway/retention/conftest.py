"""A database of either kind with a few recordings as rows alone: dates need no bytes."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import StageName, WorkState
from gateway.db.columns import new_id, utc_now
from gateway.db.database import Database
from gateway.db.models import Recording, RetentionPolicy, Stage, Target
from gateway.db.repositories import recordings
from gateway.keys.site import SiteKeys
from gateway.retention import hot_until
from gateway.settings import Settings
from tests.parts.database import upgrade

AddRecording = Callable[..., str]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    upgrade(url)
    made = Database(url, SiteKeys(Settings(data_dir=tmp_path)))
    yield made
    made.close()


@pytest.fixture
def target(database: Database) -> str:
    """Id of a target."""
    row = Target(name="press-1", protocol="vnc", host="press-1", port=5900)
    with database.write() as session:
        session.add(row)
    return row.id


@pytest.fixture
def add(database: Database) -> AddRecording:
    """Adds a recording that ended so many days ago; returns its id."""

    def add_one(ended_days_ago: float = 1, **values: Any) -> str:
        recording_id, ended_at = new_id(), utc_now() - timedelta(days=ended_days_ago)
        row = Recording(
            **{
                "id": recording_id,
                "state": RecordingState.SEALED,
                "folder": recording_id,
                "target_name": "press-1",
                "operator_name": "olga",
                "started_at": ended_at - timedelta(hours=1),
                "closed_at": ended_at,
                "size_bytes": 1000,
                **values,
            }
        )
        with database.write() as session:
            session.add(row)
        return recording_id

    return add_one


def add_policy(database: Database, **values: Any) -> RetentionPolicy:
    """A policy, as its row."""
    row = RetentionPolicy(**{"name": f"policy {new_id()}", "retain_for_days": 10, **values})
    with database.write() as session:
        session.add(row)
    return row


def get(database: Database, recording_id: str) -> Recording:
    """The row as it is now."""
    with database.read() as session:
        return recordings.get(session, recording_id)


def days_from_now(at: datetime | None) -> float | None:
    """Rounded to a tenth."""
    return None if at is None else round((at - utc_now()) / timedelta(days=1), 1)


def tiered(database: Database, recording_id: str) -> None:
    """As the tier stage leaves it: its hot copy has 30 days from now."""
    with database.write() as session:
        session.add(Stage(recording_id=recording_id, name=StageName.TIER, state=WorkState.DONE, finished_at=utc_now()))
        row = recordings.get(session, recording_id)
        row.tier, row.hot_until_at = Tier.HOT, hot_until(session, row, utc_now(), 30)
        session.add(row)
