"""Real desktops, the same as the demo's: VNC by TigerVNC, RDP by xrdp, each with a terminal open."""

import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from gateway.demo.desktops import Desktop, rdp_desktop, vnc_desktop
from tests.parts.running import Running


class RunningDesktop:
    """A demo desktop for tests. `target` says how to reach it: protocol, host, port, username, password, parameters."""

    def __init__(self, target: Desktop) -> None:
        self.target = target
        self._running = [Running(child) for child in target.children]

    def start(self) -> Self:
        """Starts its programs, one after the other."""
        for running in self._running:
            running.start()
        return self

    def stop(self) -> None:
        """Ends its programs, last first."""
        for running in reversed(self._running):
            running.stop()
        self.target.remove()

    def pids(self) -> list[int]:
        """Process ids of its programs."""
        return [running.pid for running in self._running]

    def connect_arguments(self) -> dict[str, str]:
        """guacd's connection parameters by name."""
        target = self.target
        credential = {"username": target.username, "password": target.password}
        return {
            "hostname": target.host,
            "port": str(target.port),
            **{name: value for name, value in credential.items() if value},
            **target.parameters,
        }

    def xdotool(self, *arguments: str) -> str:
        """Acts on the desktop from inside, past guacd: `xdotool("type", "hello")`. Returns what it printed."""
        command = ["xdotool", *arguments]
        env = {**os.environ, **self.target.display.env}
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=30).stdout

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class VncDesktop(RunningDesktop):
    """TigerVNC."""

    def __init__(self, folder: Path) -> None:
        super().__init__(vnc_desktop(folder))


class RdpDesktop(RunningDesktop):
    """xrdp with TLS in front of a TigerVNC display."""

    def __init__(self, folder: Path) -> None:
        super().__init__(rdp_desktop(folder))
