"""Storage and capacity as the pages ask for them, and the command that says the same."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.capacity.sample import sample
from gateway.cli import whole_program
from gateway.core.policy.access import Role
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveObject, Discrepancy, Recording, Rendition, Segment, StorageSample
from gateway.db.repositories import stages
from gateway.settings import Settings, get_settings
from tests.gateway.api.conftest import BOTH_DATABASES, Client

pytestmark = BOTH_DATABASES
MB = 10**6


@pytest.fixture
def recordings(database: Database) -> list[str]:
    """Six archived ones of half an hour, the last of them in the archive alone; one sealed; one purged."""
    with database.write() as session:
        made = [_recording(number) for number in range(8)]
        made[5].tier = Tier.ARCHIVE
        made[6].state = RecordingState.SEALED
        made[7].state = RecordingState.PURGED
        session.add_all(made)
        session.flush()
        for row in made:
            described: dict[str, Any] = {"recording_id": row.id, "sha256": "0" * 64}
            session.add(
                Segment(**described, number=0, name="s", size_bytes=9 * MB, stored_bytes=10 * MB, stored_sha256="1")
            )
            session.add(
                Rendition(
                    **described,
                    name="video.mp4",
                    size_bytes=5 * MB,
                    stored_bytes=5 * MB,
                    stored_sha256="0",
                    engine="test",
                )
            )
            if row.state is RecordingState.ARCHIVED:
                copy = ArchiveObject(**described, name="s", key=row.id, size_bytes=4 * MB, verified_at=utc_now())
                session.add(copy)
            else:
                stages.ensure(session, row)
    return [row.id for row in made]


def _recording(number: int) -> Recording:
    began = utc_now() - timedelta(days=1 + number)
    return Recording(
        state=RecordingState.ARCHIVED,
        folder=f"recordings/{number}",
        target_name="lab",
        operator_name="olga",
        protocol="rdp",
        started_at=began,
        sealed_at=began,
        duration_ms=30 * 60_000,
        size_bytes=9 * MB,
    )


def test_what_is_where(client: Client, recordings: list[str]) -> None:
    assert len(recordings) == 8
    found = client(Role.COMPLIANCE).get("/api/storage").json()
    assert found["hot"] == {"recording_count": 6, "size_bytes": 6 * 15 * MB}, "as it is kept, without what is purged"
    assert found["archive"] == {"recording_count": 6, "size_bytes": 6 * 4 * MB}
    assert (found["backlog"]["recording_count"], found["backlog"]["size_bytes"]) == (1, 14 * MB)
    assert found["disk"]["free_bytes"] > 0
    assert (found["reconciled"], found["running"]) == (None, None)


@pytest.mark.usefixtures("recordings")
def test_what_waits_for_the_archive_is_one_number_everywhere(client: Client) -> None:
    admin = client(Role.ADMIN)
    storage = admin.get("/api/storage").json()["backlog"]
    system = admin.get("/api/system").json()["archive"]
    assert (storage["recording_count"], storage["size_bytes"]) == (system["waiting_count"], system["waiting_bytes"])
    assert storage["oldest_at"] == system["oldest_waiting_at"]
    lines = [
        line.split() for line in admin.get("/metrics").text.splitlines() if line.startswith("reelgate_archive_waiting")
    ]
    assert {name: float(value) for name, value in lines} == {
        "reelgate_archive_waiting_recordings": storage["recording_count"],
        "reelgate_archive_waiting_bytes": storage["size_bytes"],
    }


def test_discrepancies_are_listed_until_they_are_repaired_or_gone(
    client: Client, database: Database, recordings: list[str]
) -> None:
    now = utc_now()
    with database.write() as session:
        kinds = list(DiscrepancyKind)[:3]
        for number, kind in enumerate(kinds):
            row = Discrepancy(recording_id=recordings[0], kind=kind, name="s", found_at=now - timedelta(hours=number))
            row.repaired_at = now if number == 1 else None
            session.add(row)
    reader = client(Role.COMPLIANCE)
    items = reader.get("/api/storage/discrepancies").json()["items"]
    assert [item["kind"] for item in items] == [kinds[0], kinds[2]]
    assert items[0]["target_name"] == "lab"
    every = reader.get("/api/storage/discrepancies", params={"only_open": False}).json()["items"]
    assert [item["kind"] for item in every] == kinds
    one = reader.get("/api/storage/discrepancies", params={"only_open": False, "kind": kinds[1]}).json()["items"]
    assert [item["kind"] for item in one] == [kinds[1]]
    counts = reader.get("/api/storage").json()["discrepancies"]
    assert {kind: count for kind, count in counts.items() if count} == {kinds[0]: 1, kinds[2]: 1}
    metrics = client(Role.ADMIN).get("/metrics").text
    assert f'reelgate_discrepancies{{kind="{kinds[0]}"}} 1.0' in metrics
    assert 'reelgate_stored_bytes{tier="archive"} 2.4e+07' in metrics


def test_reconciling_is_requested_once(client: Client) -> None:
    reader = client(Role.COMPLIANCE)
    first = reader.post("/api/storage/reconcile", json={"deep": True})
    assert first.status_code == 202
    running = first.json()["running"]
    assert (running["state"], running["parameters"]) == ("pending", {"deep": True, "repair": True})
    assert reader.post("/api/storage/reconcile", json={"deep": True}).json()["running"]["id"] == running["id"]
    assert client(Role.AUDITOR).post("/api/storage/reconcile", json={}).status_code == 403


def test_a_plan_is_forecast_from_what_is_there(client: Client, recordings: list[str]) -> None:
    assert recordings
    plan: dict[str, str | int] = {
        "sessions": 4,
        "hours_per_day": 5,
        "hot_days": 10,
        "retention_days": 100,
        "protocol": "rdp",
    }
    found = client(Role.COMPLIANCE).get("/api/capacity", params=plan).json()
    assert (found["whole"]["recording_count"], found["whole"]["hours"]) == (7, 3.5)
    assert found["whole"]["original"]["median"] == 20 * MB
    assert found["forecast"]["hot"]["expected"] == pytest.approx(20 * 30 * MB * 10)
    assert found["forecast"]["archive"]["expected"] == pytest.approx(20 * 8 * MB * 100)
    assert [row["target_name"] for row in found["by_target"]] == ["lab"]
    assert found["growth"] is None
    assert found["growth_missing"].startswith("storage has been sampled for 0.0 days")


def test_without_history_there_is_no_figure(client: Client) -> None:
    found = client(Role.COMPLIANCE).get("/api/capacity", params={"protocol": "vnc"}).json()
    assert (found["whole"], found["forecast"], found["by_target"]) == (None, None, [])
    assert found["forecast_missing"].startswith("the last 90 days have 0 recordings of VNC")
    assert (found["plan"]["hot_days"], found["plan"]["retention_days"]) == (30, 395), "the site's own policy"
    assert client(Role.COMPLIANCE).get("/api/capacity", params={"hours_per_day": 25}).status_code == 422


@pytest.fixture
def _environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(settings.data_dir))
    if settings.database_url:
        monkeypatch.setenv("REELGATE_DATABASE_URL", settings.database_url.get_secret_value())
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.usefixtures("_environment", "recordings")
def test_the_command_says_the_same(database: Database, settings: Settings) -> None:
    sample(settings, database)
    with database.write() as session:
        for day in range(20):
            at = utc_now() - timedelta(days=20 - day)
            used = {"free_bytes": 10**12 - day * MB, "total_bytes": 10**12}
            session.add(StorageSample(at=at, hot_bytes=day * MB, archive_bytes=0, **used))
    runner = CliRunner()
    text = runner.invoke(whole_program(), ["capacity", "--sessions", "4", "--hours", "5", "--hot-days", "10"])
    assert text.exit_code == 0, text.output
    assert "lab rdp" in text.stdout
    assert "20.0 MB, 20.0 MB" in text.stdout
    assert "Hot: 600.0 MB a day, 6.0 GB in the end" in text.stdout
    as_json = json.loads(runner.invoke(whole_program(), ["capacity", "--json"]).stdout)
    assert as_json["growth"]["sample_count"] == 21
    assert as_json["forecast"]["archive_from_hot"] is False
