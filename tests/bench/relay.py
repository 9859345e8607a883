"""What the relay adds: the same talk with guacd directly and through the gateway, turn by turn in one run.

`python -m tests.bench.relay` prints a table and writes build/bench/relay.json. Three measurements:

- `round_trip`: an input event to a scripted guacd that answers with one 4 KiB image instruction and a sync, and the
  gateway's CPU microseconds for it (all its threads, which tell more than times do where others use the machine too);
- `keystroke`: a key pressed in a real terminal (guacd, TigerVNC) to the first image that comes back;
- `flood`: a scripted guacd sends as fast as it can; what arrives, and the gateway's CPU seconds for it.

Gateway, guacd and client are processes of their own; client and gateway run on uvloop.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Protocol

import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from gateway.core.desktop.guac import NEED_DATA, GuacParser, encode
from gateway.db.models import Target
from gateway.requester import COOKIE
from gateway.settings import Settings
from gateway.supervisor.probes import free_port
from tests.gateway.proxies.desktop.site import LOOPBACK, Site
from tests.parts.desktops import VncDesktop
from tests.parts.guacd import Guacd

_IMAGE: Final = encode("blob", 1, "x" * 4096)
_ANSWER: Final = _IMAGE + encode("sync", 1)
_CHUNK: Final = encode("blob", 1, "x" * 8000) * 8
_RESULT: Final = Path("build/bench/relay.json")
_SPAWN: Final = multiprocessing.get_context("spawn")


class Talk(Protocol):
    """A connection to guacd, direct or tunnelled."""

    async def send(self, data: bytes) -> None:
        """Say something."""

    async def receive(self) -> bytes:
        """What has come, at least a byte."""


class Direct:
    """TCP to guacd, hands shaken."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def receive(self) -> bytes:
        return await self._reader.read(65_536)


class Tunnelled:
    """The gateway's WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, data: bytes) -> None:
        await self._socket.send(data.decode())

    async def receive(self) -> bytes:
        return await self._socket.recv(decode=False)


@asynccontextmanager
async def directly(port: int, arguments: dict[str, str]) -> AsyncIterator[Talk]:
    """Shake hands with guacd without the gateway."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    parser = GuacParser()
    writer.write(encode("select", "vnc"))
    version, *names = (await _next(reader, parser))[1:]
    writer.write(encode("size", 1280, 800, 96) + encode("audio") + encode("video") + encode("image", "image/png"))
    writer.write(encode("connect", version, *(arguments.get(name, "") for name in names)))
    await _next(reader, parser)
    yield Direct(reader, writer)
    writer.close()
    await writer.wait_closed()


async def _next(reader: asyncio.StreamReader, parser: GuacParser) -> tuple[str, ...]:
    while (item := parser.next_instruction()) is NEED_DATA:
        parser.feed(await reader.read(65_536))
    return (item.opcode, *item.args)


@asynccontextmanager
async def through(port: int, cookie: str, ticket: str) -> AsyncIterator[Talk]:
    """Open the gateway's tunnel."""
    async with connect(
        f"ws://{LOOPBACK}:{port}/api/tunnel?ticket={ticket}&width=1280&height=800",
        subprotocols=[Subprotocol("guacamole")],
        origin=Origin(f"http://{LOOPBACK}:{port}"),
        additional_headers={"Cookie": f"{COOKIE}={cookie}"},
        compression=None,
        max_size=None,
    ) as socket:
        yield Tunnelled(socket)


# The other processes


def scripted_guacd(port: int, flood_bytes: int) -> None:
    """Answers `mouse` with an image and `size` with a flood; runs until it is ended."""
    uvloop.run(_scripted(port, flood_bytes))


async def _scripted(port: int, flood_bytes: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        parser = GuacParser()
        connected = False
        while data := await reader.read(65_536):
            parser.feed(data)
            while (item := parser.next_instruction()) is not NEED_DATA:
                if item.opcode == "select":
                    writer.write(encode("args", "VERSION_1_3_0"))
                elif item.opcode == "connect":
                    connected = True
                    writer.write(encode("ready", "$bench") + encode("sync", 1))
                elif item.opcode == "mouse":
                    writer.write(_ANSWER)
                elif item.opcode == "size" and connected:
                    await _flood(writer, flood_bytes)

    server = await asyncio.start_server(serve, LOOPBACK, port)
    await server.serve_forever()


async def _flood(writer: asyncio.StreamWriter, flood_bytes: int) -> None:
    for _ in range(flood_bytes // len(_CHUNK)):
        writer.write(_CHUNK)
        await writer.drain()
    writer.write(encode("sync", 2))


def gateway(pipe: Connection, folder: Path, guacd: str, target: dict[str, Any], secret: str) -> None:
    """The gateway's process: says (port, cookie, ticket), then its CPU seconds whenever asked, until told None."""
    folder.mkdir()
    with Site(Settings(data_dir=folder, guacd=guacd, free_space_floor_bytes=0, allowed_targets=LOOPBACK)) as site:
        user, cookie = site.user()
        ticket = site.ticket(user, site.add_target(Target(name="bench", **target), secret=secret))
        pipe.send((site.port, cookie, ticket))
        while pipe.recv() is not None:
            usage = resource.getrusage(resource.RUSAGE_SELF)
            pipe.send(usage.ru_utime + usage.ru_stime)


@asynccontextmanager
async def running_gateway(folder: Path, guacd: str, target: dict[str, Any], secret: str) -> AsyncIterator[Any]:
    """(port, cookie, ticket) and a function that gives the gateway's CPU seconds."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=gateway, args=(theirs, folder, guacd, target, secret))
    process.start()

    def cpu_seconds() -> float:
        ours.send("cpu")
        seconds: float = ours.recv()
        return seconds

    yield ours.recv(), cpu_seconds
    ours.send(None)
    process.join()


# The measurements


async def round_trips(talks: dict[str, Talk], count: int) -> dict[str, list[float]]:
    """Milliseconds from an input event to the whole answer, the talks taking turns."""
    times: dict[str, list[float]] = {name: [] for name in talks}
    for number in range(count):
        for name, talk in talks.items():
            begun = time.perf_counter()
            await talk.send(encode("mouse", number % 1000, 1, 0))
            got = 0
            while got < len(_ANSWER):
                got += len(await talk.receive())
            times[name].append((time.perf_counter() - begun) * 1000)
    return times


class Follower:
    """Keeps a real connection going and notes when images come."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.image_came = asyncio.Event()
        self.image_at = 0.0

    async def follow(self) -> None:
        parser = GuacParser()
        while True:
            parser.feed(await self._talk.receive())
            now = time.perf_counter()
            while (item := parser.next_instruction()) is not NEED_DATA:
                if item.opcode == "sync":
                    await self._talk.send(encode("sync", item.args[0]))
                elif item.opcode == "img" and not self.image_came.is_set():
                    self.image_at = now
                    self.image_came.set()


async def keystrokes(talks: dict[str, Talk], count: int) -> dict[str, list[float]]:
    """Milliseconds from a key to the first image, the talks taking turns; the screen comes to rest in between."""
    followers = {name: Follower(talk) for name, talk in talks.items()}
    following = [asyncio.create_task(follower.follow()) for follower in followers.values()]
    await asyncio.sleep(2)
    times: dict[str, list[float]] = {name: [] for name in talks}
    for _ in range(count):
        for name, follower in followers.items():
            await asyncio.sleep(0.15)
            follower.image_came.clear()
            begun = time.perf_counter()
            await talks[name].send(encode("key", 0x61, 1) + encode("key", 0x61, 0))
            await asyncio.wait_for(follower.image_came.wait(), 5)
            times[name].append((follower.image_at - begun) * 1000)
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    return times


async def settle(talk: Talk) -> None:
    """Read until nothing more comes: the first frame is there then, and input is taken."""
    try:
        while True:
            await asyncio.wait_for(talk.receive(), 0.5)
    except TimeoutError:
        return


async def flood(talk: Talk, flood_bytes: int) -> float:
    """Megabytes a second."""
    begun = time.perf_counter()
    await talk.send(encode("size", 1280, 800))
    wanted, got = flood_bytes // len(_CHUNK) * len(_CHUNK), 0
    while got < wanted:
        got += len(await talk.receive())
    return got / 1e6 / (time.perf_counter() - begun)


def summary(times: dict[str, list[float]]) -> dict[str, float]:
    """Medians and 99th percentiles in ms, what the gateway adds, and the ratio of the medians."""
    median = {name: statistics.median(values) for name, values in times.items()}
    p99 = {name: statistics.quantiles(values, n=100)[98] for name, values in times.items()}
    return {
        "direct_median_ms": median["direct"],
        "gateway_median_ms": median["gateway"],
        "added_median_ms": median["gateway"] - median["direct"],
        "ratio": median["gateway"] / median["direct"],
        "direct_p99_ms": p99["direct"],
        "gateway_p99_ms": p99["gateway"],
        "count": len(times["direct"]),
    }


async def with_scripted_guacd(folder: Path, count: int, flood_bytes: int) -> dict[str, Any]:
    """`round_trip` and `flood`."""
    port = free_port()
    guacd = _SPAWN.Process(target=scripted_guacd, args=(port, flood_bytes), daemon=True)
    guacd.start()
    await _until_answering(port)
    target = {"protocol": "vnc", "host": LOOPBACK, "port": 1}
    async with (
        running_gateway(folder, f"{LOOPBACK}:{port}", target, "") as (entry, cpu_seconds),
        directly(port, {}) as direct,
        through(*entry) as tunnelled,
    ):
        talks = {"direct": direct, "gateway": tunnelled}
        for talk in talks.values():
            await settle(talk)
        await round_trips(talks, count // 10)
        cpu_before = cpu_seconds()
        trips = summary(await round_trips(talks, count))
        trips["gateway_cpu_us"] = (cpu_seconds() - cpu_before) / count * 1e6
        direct_mb = await flood(direct, flood_bytes)
        cpu_before = cpu_seconds()
        gateway_mb = await flood(tunnelled, flood_bytes)
        cpu = cpu_seconds() - cpu_before
    guacd.terminate()
    guacd.join()
    floods = {
        "direct_mb_per_s": direct_mb,
        "gateway_mb_per_s": gateway_mb,
        "ratio": gateway_mb / direct_mb,
        "gateway_cpu_seconds_per_gb": cpu / (flood_bytes / 1e9),
    }
    return {"round_trip": trips, "flood": floods}


async def _until_answering(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


async def with_real_guacd(folder: Path, count: int) -> dict[str, Any]:
    """`keystroke`."""
    (folder / "guacd").mkdir(parents=True)
    with Guacd(folder / "guacd") as guacd, VncDesktop(folder / "vnc") as desktop:
        made = desktop.target
        target = {
            "protocol": "vnc",
            "host": made.host,
            "port": made.port,
            "parameters": dict(made.parameters),
        }
        async with (
            running_gateway(folder / "gateway", guacd.address, target, made.password) as (entry, _),
            directly(guacd.port, desktop.connect_arguments()) as direct,
            through(*entry) as tunnelled,
        ):
            return {"keystroke": summary(await keystrokes({"direct": direct, "gateway": tunnelled}, count))}


def main() -> None:
    """Run all, print, write."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--count", type=int, default=2000, help="round trips each way")
    options.add_argument("--keys", type=int, default=60, help="keystrokes each way")
    options.add_argument("--flood-mb", type=int, default=256)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        base.chmod(0o755)  # parts that drop to another account live below it
        result = uvloop.run(with_scripted_guacd(base / "scripted", asked.count, asked.flood_mb * 10**6))
        result |= uvloop.run(with_real_guacd(base / "real", asked.keys))
    _RESULT.parent.mkdir(parents=True, exist_ok=True)
    _RESULT.write_text(json.dumps(result, indent=2) + "\n")
    for name, figures in result.items():
        sys.stdout.write(f"{name}\n")
        sys.stdout.writelines(f"  {figure:28}{value:12.3f}\n" for figure, value in figures.items())


if __name__ == "__main__":
    main()
