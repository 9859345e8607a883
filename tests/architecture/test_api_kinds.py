"""Whoever is told of a recording is told its kind: what can be shown of it depends on that."""

from typing import Any

import pytest

from gateway.app import create_app
from gateway.core.recording.kinds import KINDS
from gateway.settings import Settings


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")))
    found: dict[str, Any] = app.openapi()["components"]["schemas"]
    return found


def test_a_schema_that_names_a_recording_names_its_kind(schemas: dict[str, Any]) -> None:
    naming = {name: one["properties"] for name, one in schemas.items() if "recording_id" in one.get("properties", {})}
    assert {"HitOut", "ExportOut", "HoldOut", "PurgeOut", "FindingOut", "SessionOut"} <= set(naming)
    assert [name for name, properties in naming.items() if "recording_kind" not in properties] == []


@pytest.mark.parametrize("name", ["RecordingSummary", "RecordingOut"])
def test_a_recording_has_a_kind_of_the_table(schemas: dict[str, Any], name: str) -> None:
    assert schemas[name]["properties"]["kind"]["enum"] == list(KINDS)
    assert "kind" in schemas[name]["required"]
