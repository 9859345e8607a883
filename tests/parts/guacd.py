"""A real guacd on a free loopback port."""

from pathlib import Path

from gateway.supervisor.guacd import guacd
from gateway.supervisor.probes import free_port
from tests.parts.running import Running


class Guacd(Running):
    """`host` and `port` stay the same over `restart()` and `kill()` + `start()`."""

    def __init__(self, folder: Path) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        super().__init__(guacd((self.host, self.port)), log=folder / "guacd.log")

    @property
    def address(self) -> str:
        """As the setting `guacd` has it."""
        return f"{self.host}:{self.port}"
