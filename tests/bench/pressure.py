"""What one person can do to the others: the echo of five sessions while a sixth party attacks, beside a quiet run.

`python -m tests.bench.pressure` starts the web server exactly as the supervisor does, prints a table and writes
build/bench/pressure.json. Each attack lasts six seconds:

- `header`: one connection, without a sign-in, sends one endless header, 8 MiB a second;
- `half_open`: 800 connections, without a sign-in, send half a request line and wait;
- `sign_in`: 20 parallel sign-ins, each with another name and a wrong password;
- `nop`: one signed-in operator sends 29 messages of 43,000 `nop`.

Echo: milliseconds from a mouse event to the whole answer of a scripted guacd, ten a second for each session. RSS: of the
web server, before and at its highest.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import uvloop

from gateway.core.desktop.guac import encode
from gateway.core.policy.access import Role
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.db.models import SignIn, Target, User
from gateway.db.repositories import tickets
from gateway.identity.sign_in import token_hash
from gateway.keys.keyring import ensure_keys
from gateway.settings import Settings
from gateway.supervisor import parts
from gateway.supervisor.probes import free_port
from tests.bench.relay import _ANSWER, _SPAWN, Talk, _until_answering, scripted_guacd, settle, through
from tests.gateway.proxies.desktop.site import LOOPBACK

_RESULT: Final = Path("build/bench/pressure.json")
_SESSIONS: Final = 5
_SECONDS: Final = 6.0
_ECHO_SECONDS: Final = 0.1
_COOKIE: Final = "bench-cookie"
_CLOSED: Final = (OSError, EOFError, RuntimeError)  # RuntimeError: uvloop's, for a transport that is closed


@dataclass
class Server:
    """The web server's process and what is needed to talk to it."""

    port: int
    pid: int
    tickets: list[str]

    def rss_mib(self) -> float:
        """Resident memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@asynccontextmanager
async def server(folder: Path, guacd_port: int, ticket_count: int) -> AsyncIterator[Server]:
    """The web server on a fresh data folder, with tickets for `ticket_count` sessions."""
    settings, process, issued = _start(folder, guacd_port, ticket_count)
    try:
        await _until_answering(settings.port)
        yield Server(settings.port, process.pid, issued)
    finally:
        process.terminate()
        process.wait(30)


def _start(folder: Path, guacd_port: int, ticket_count: int) -> tuple[Settings, "subprocess.Popen[bytes]", list[str]]:
    folder.mkdir()
    guacd = f"{LOOPBACK}:{guacd_port}"
    settings = Settings(data_dir=folder, port=free_port(), guacd=guacd, free_space_floor_bytes=0)
    upgrade(settings.database)
    ensure_keys(settings)
    issued = _issue(settings, ticket_count)
    child = parts.web(settings)
    env = {**child.environment(), "REELGATE_ALLOWED_TARGETS": LOOPBACK}
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(child.command, env=env, stdout=log, stderr=log)
    return settings, process, issued


def _issue(settings: Settings, count: int) -> list[str]:
    database = Database(settings.database)
    user = User(username="bench", display_name="Bench", role=Role.OPERATOR, password_hash="-")
    target = Target(name="bench", protocol="vnc", host=LOOPBACK, port=1, parameters={})
    with database.write() as session:
        session.add(user)
        session.add(target)
        session.flush()
        expires_at = utc_now() + timedelta(hours=1)
        session.add(SignIn(token_hash=token_hash(_COOKIE), user_id=user.id, address=LOOPBACK, expires_at=expires_at))
        made = [
            tickets.issue(session, user_id=user.id, target_id=target.id, address=LOOPBACK, life_seconds=600)[0]
            for _ in range(count)
        ]
    database.close()
    return made


async def echo(talk: Talk, until: float) -> list[float]:
    """Milliseconds of every echo until then. The wait for the next one begins when the last one has come."""
    times: list[float] = []
    while (begun := time.perf_counter()) < until:
        await talk.send(encode("mouse", 1, 1, 0))
        got = 0
        while got < len(_ANSWER):
            got += len(await talk.receive())
        times.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(_ECHO_SECONDS)
    return times


async def peak_rss(server: Server, until: float) -> float:
    """The highest resident memory seen until then, in MiB."""
    highest = 0.0
    while time.perf_counter() < until:
        highest = max(highest, server.rss_mib())
        await asyncio.sleep(0.05)
    return highest


Attack = Callable[[Server, float], Awaitable[str]]


async def quiet(_server: Server, until: float) -> str:
    """Nobody attacks."""
    await asyncio.sleep(max(0.0, until - time.perf_counter()))
    return "-"


async def header(server: Server, until: float) -> str:
    """One connection with an endless header."""
    _, writer = await asyncio.open_connection(LOOPBACK, server.port)
    writer.write(b"GET /health HTTP/1.1\r\nHost: gate\r\nX-Long: ")
    sent = 0
    piece = b"x" * (256 * 1024)
    with suppress(*_CLOSED):
        while time.perf_counter() < until:
            writer.write(piece)
            await asyncio.wait_for(writer.drain(), max(0.1, until - time.perf_counter()))
            sent += len(piece)
            await asyncio.sleep(1 / 32)
    writer.transport.abort()
    return f"{sent / 2**20:.1f} MiB sent"


async def half_open(server: Server, until: float) -> str:
    """Eight hundred connections that say half a line."""
    open_ones = []
    refused = 0
    for _ in range(800):
        try:
            reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
            writer.write(b"GET /hea")
            open_ones.append((reader, writer))
        except OSError:
            refused += 1
    await asyncio.sleep(max(0.0, until - time.perf_counter()))
    alive = sum(not (reader.at_eof() or writer.is_closing()) for reader, writer in open_ones)
    for _, writer in open_ones:
        writer.transport.abort()
    return f"{alive} alive at the end, {refused} refused"


async def sign_in(server: Server, until: float) -> str:
    """Twenty parallel sign-ins, again and again, each for another name."""
    answers: dict[str, int] = {}
    names = itertools.count()

    async def guess() -> None:
        while time.perf_counter() < until:
            body = json.dumps({"username": f"guess-{next(names)}", "password": "wrong horse battery"})
            reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
            writer.write(
                f"POST /api/auth/sign-in HTTP/1.1\r\nHost: {LOOPBACK}:{server.port}\r\n"
                "Content-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
            )
            with suppress(*_CLOSED):
                line = (await reader.readline()).split()
                status = line[1].decode() if len(line) > 1 else "closed"
                answers[status] = answers.get(status, 0) + 1
            writer.close()

    await asyncio.gather(*(guess() for _ in range(20)))
    return ", ".join(f"{count} x {status}" for status, count in sorted(answers.items()))


async def nop(server: Server, until: float) -> str:
    """One operator with 29 messages of 43,000 `nop`."""
    sent = 0
    message = b"3.nop;" * 43_000
    try:
        async with through(server.port, _COOKIE, server.tickets[-1]) as talk:
            await settle(talk)
            while time.perf_counter() < until and sent < 29:
                await asyncio.wait_for(talk.send(message), max(0.1, until - time.perf_counter()))
                sent += 1
                await asyncio.sleep(0.2)
    except Exception as error:  # noqa: BLE001 - however the gateway ends it is the measurement
        return f"{sent} messages, then {type(error).__name__}: {error}"
    return f"{sent} messages"


ATTACKS: Final[dict[str, Attack]] = {
    "quiet": quiet,
    "header": header,
    "half_open": half_open,
    "sign_in": sign_in,
    "nop": nop,
}


async def measure(name: str, folder: Path, guacd_port: int) -> dict[str, Any]:
    """Figures of one attack on five sessions of a fresh server."""
    async with server(folder, guacd_port, _SESSIONS + 1) as site, AsyncExitStack() as stack:
        talks = [
            await stack.enter_async_context(through(site.port, _COOKIE, site.tickets[n])) for n in range(_SESSIONS)
        ]
        for talk in talks:
            await settle(talk)
        before = site.rss_mib()
        until = time.perf_counter() + _SECONDS
        did, highest, echoes = await asyncio.gather(
            ATTACKS[name](site, until),
            peak_rss(site, until),
            asyncio.gather(*(echo(talk, until) for talk in talks)),
        )
    times = [one for each in echoes for one in each]
    return {
        "echo_count": len(times),
        "p50_ms": statistics.median(times),
        "max_ms": max(times),
        "rss_before_mib": before,
        "rss_peak_mib": highest,
        "load": os.getloadavg()[0],
        "attacker": did,
    }


async def main_async(names: list[str]) -> dict[str, dict[str, Any]]:
    """All attacks, one fresh server each."""
    port = free_port()
    guacd = _SPAWN.Process(target=scripted_guacd, args=(port, 0), daemon=True)
    guacd.start()
    await _until_answering(port)
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            results[name] = await measure(name, Path(folder) / name, port)
            figures = results[name]
            sys.stdout.write(
                f"{name:10} {figures['echo_count']:4} echoes  p50 {figures['p50_ms']:8.1f}  max {figures['max_ms']:8.1f} ms  "
                f"RSS {figures['rss_before_mib']:5.0f} -> {figures['rss_peak_mib']:5.0f} MiB  load {figures['load']:.1f}  "
                f"{figures['attacker']}\n"
            )
            sys.stdout.flush()
    guacd.terminate()
    guacd.join()
    return results


def main() -> None:
    """Run all, print, write."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", default=list(ATTACKS))
    results = uvloop.run(main_async(options.parse_args().names))
    _RESULT.parent.mkdir(parents=True, exist_ok=True)
    _RESULT.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
