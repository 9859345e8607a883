"""A site for each test, on the real guacd."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.settings import Settings
from tests.gateway.proxies.desktop.site import Site
from tests.parts.guacd import Guacd


@pytest.fixture
def settings(tmp_path: Path, guacd: Guacd) -> Settings:
    return Settings(data_dir=tmp_path / "data", guacd=guacd.address, free_space_floor_bytes=0, _env_file=None)


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    settings.data_dir.mkdir()
    with Site(settings) as running:
        yield running
