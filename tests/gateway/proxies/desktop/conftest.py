"""A site for each test, on the real guacd."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.proxies.desktop.relay import RelayLimits
from gateway.settings import Settings
from tests.gateway.proxies.desktop.dialogue import RELAXED, Dialogue, Play
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


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """Runs a scene: an async function that is given a dialogue that has begun."""
    with ThreadPoolExecutor(2) as pool:

        def run(
            scene: Callable[[Dialogue], Awaitable[None]],
            limits: RelayLimits = RELAXED,
            over_read: bytes = b"",
            *,
            record_keys: bool = True,
        ) -> None:
            async def scenario() -> None:
                dialogue = Dialogue(tmp_path / "r1", pool, limits, over_read, record_keys=record_keys)
                await dialogue.begin()
                try:
                    await scene(dialogue)
                finally:
                    await dialogue.close()

            asyncio.run(scenario())

        yield run
