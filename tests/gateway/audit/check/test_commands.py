"""`reelgate audit`, on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.db.database import Database
from gateway.keyring import Keyring
from gateway.keys.signing import Signer
from gateway.settings import Settings, get_settings
from tests.gateway.audit.check.altering import alter, append, remake
from tests.parts.program import reelgate


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
