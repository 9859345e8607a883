"""How fast search is on a large archive, and how long a recording takes to become searchable, on either database.

Run with `make bench-search`; prints a table and writes build/bench/search.json. The archive is made up: words as unevenly
common as in text (Zipf), paths, addresses and numbers, some of it misread as OCR does, put in by the code that is
measured. Each query kind is asked with different words, cold caches and warm ones mixed as they come.
"""

import argparse
import json
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from gateway.core.recording.geometry import Box
from gateway.core.recording.layout import SPANS
from gateway.core.recording.states import SpanSource
from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.db.models import Recording
from gateway.renditions.spans import Span, SpanWord, SpanWriter
from gateway.search import Scope, prepare_spans, search, search_recordings, write_spans
from gateway.search.upkeep import tidy
from tests.parts.postgres import Postgres
from workers.index.stage import readings_in

SPANS_A_RECORDING = 2000
LONG_RECORDING_SPANS = 10_000
LONG_RECORDINGS = 20
GROUPED_PAGE = 20
STARTED_AT = datetime(2026, 1, 1, tzinfo=UTC)
TARGET_MS = 150
_OUTPUT = Path("build/bench/search.json")
_ENGLISH = [
    "the",
    "a",
    "to",
    "of",
    "in",
    "is",
    "for",
    "on",
    "root",
    "user",
    "file",
    "login",
    "error",
    "server",
    "open",
    "copy",
    "delete",
    "backup",
    "config",
    "service",
]
_MISREAD = {"o": "0", "l": "1", "m": "rn", "s": "5", "i": "l"}


@dataclass(frozen=True)
class Figures:
    """Milliseconds."""

    count: int
    p50: float
    p95: float
    worst: float


class Text:
    """Lines of made-up screens; the same for both databases."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        made = random.Random(1)
        syllables = [c + v for c in "bcdfghklmnprstvw" for v in "aeiou"]
        self.words = _ENGLISH + ["".join(made.choices(syllables, k=made.randint(2, 4))) for _ in range(30_000)]
        self._weights = [1 / rank for rank in range(1, len(self.words) + 1)]
        total = 0.0
        self._sums = [total := total + weight for weight in self._weights]

    def some(self, count: int) -> list[str]:
        """Words, the common ones often."""
        return self.rng.choices(self.words, cum_weights=self._sums, k=count)

    def line(self) -> str:
        """A line of a terminal or a window."""
        words = self.some(self.rng.randint(2, 9))
        kind = self.rng.random()
        if kind < 0.15:
            words.append("/" + "/".join(self.some(3)) + f"/{self.rng.randint(1, 9999)}")
        elif kind < 0.25:
            words.append(".".join(str(self.rng.randint(0, 255)) for _ in range(4)))
        elif kind < 0.35:
            words.insert(0, f"svc_{words[0]}@{words[-1]}")
        if self.rng.random() < 0.1:
            at = self.rng.randrange(len(words))
            words[at] = "".join(_MISREAD.get(char, char) for char in words[at])
        return " ".join(words)

    def span(self, start_ms: int) -> Span:
        """A line with boxes, visible for some seconds; every tenth one also read otherwise."""
        line = self.line()
        y = self.rng.randrange(700)
        words = [SpanWord(word, Box(9 * at, y, 8 * len(word), 16)) for at, word in enumerate(line.split())]
        return Span(
            text=line,
            place=Box(0, y, 8 * len(line), 16),
            start_ms=start_ms,
            end_ms=start_ms + self.rng.randint(500, 60_000),
            confidence=0.9,
            keyframe=0,
            start_byte=0,
            end_byte=0,
            words=tuple(words),
            alternatives=(line.replace("o", "0"),) if self.rng.random() < 0.1 else (),
            source=self.rng.choices(list(SpanSource), weights=[94, 4, 1, 1])[0],
        )

    def recording(self, count: int) -> list[Span]:
        """The spans of an hour."""
        return [self.span(self.rng.randrange(3_600_000)) for _ in range(count)]


def queries(words: Text) -> dict[str, Callable[[], str]]:
    """What people ask, by kind."""
    rng, pick = words.rng, words.words

    def common() -> str:
        return rng.choice(pick[:20])

    def medium() -> str:
        return rng.choice(pick[100:1000])

    def rare() -> str:
        return rng.choice(pick[5000:])

    def misread() -> str:
        return "".join(_MISREAD.get(char, char) for char in rng.choice(pick[2000:]))

    return {
        "common word": common,
        "medium word": medium,
        "rare word": rare,
        "two words": lambda: f"{common()} {medium()}",
        "two common words": lambda: f"{common()} {common()}",
        "phrase": lambda: f'"{common()} {medium()}"',
        "path": lambda: f"/{medium()}/{medium()}",
        "address": lambda: f"{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}",
        "prefix": lambda: f"{medium()[:4]}*",
        "alternatives": lambda: f"{rare()} OR {medium()} {common()}",
        "exclusion": lambda: f"{medium()} -{common()}",
        "misread word": misread,
        "part of a word": lambda: rare()[1:6],
        "nowhere": lambda: f"{rare()}x{rare()}",
        "typed": lambda: f"keys:{common()}",
        "operator": lambda: f"operator:user{rng.randint(0, 39)} {medium()}",
        "operator, nowhere": lambda: f"operator:nobody {common()}",
        "time": lambda: f"{common()} before:2026-01-{rng.randint(2, 28):02}",
        "near": lambda: f"keys:{medium()} NEAR/10s {common()}",
        "common near rare": lambda: f"{common()} NEAR/10s {rare()}",
        "rare near common": lambda: f"{rare()} NEAR/10s {common()}",
        "phrase near common": lambda: f'"{common()} {medium()}" NEAR/1m {common()}',
        "common near common": lambda: f"{common()} NEAR/10s {common()}",
    }


class Lag(NamedTuple):
    """Milliseconds until a recording was searchable, and of these how long the writing transaction took."""

    whole: float
    writing: float


def fill(database: Database, words: Text, span_count: int, show: Callable[[str], None]) -> list[Lag]:
    """Recordings until there are that many spans."""
    took: list[Lag] = []
    for number in range(span_count // SPANS_A_RECORDING):
        took.append(add(database, f"r{number}", number, words.recording(SPANS_A_RECORDING)))
        if number % 50 == 49:
            show(
                f"{(number + 1) * SPANS_A_RECORDING:>9} spans, the last 50 recordings {statistics.mean(lag.whole for lag in took[-50:]):.0f} ms each"
            )
    return took


def add(database: Database, name: str, number: int, spans: list[Span]) -> Lag:
    """What the index stage does with the spans."""
    started_at = STARTED_AT + timedelta(minutes=30 * number)
    recording = Recording(
        id=name,
        folder=name,
        operator_name=f"user{number % 40}",
        target_name=f"target-{number % 25}",
        started_at=started_at,
        closed_at=started_at + timedelta(hours=1),
        searchable_at=started_at + timedelta(hours=2),
    )
    with database.write() as session:
        session.add(recording)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SPANS
        with SpanWriter(path) as writer:
            for span in spans:
                writer.add(span)
            writer.close()
        begin = time.perf_counter()
        prepared = prepare_spans(recording, readings_in(path))
    locked = time.perf_counter()
    with database.write() as session:
        write_spans(session, prepared)
    ended = time.perf_counter()
    tidy(database)
    return Lag((ended - begin) * 1000, (ended - locked) * 1000)


def ask(database: Database, query: str, cursor: str | None = None) -> tuple[float, str | None]:
    """Milliseconds of one page, in a transaction of its own, and the cursor of the next."""
    begin = time.perf_counter()
    with database.read() as session:
        answer = search(session, query, Scope.everything(), cursor=cursor)
    return (time.perf_counter() - begin) * 1000, answer.next_cursor


def ask_grouped(database: Database, query: str) -> float:
    """Milliseconds of one page of hits by recording, as the search page shows it first."""
    begin = time.perf_counter()
    with database.read() as session:
        search_recordings(session, query, Scope.everything(), limit=GROUPED_PAGE)
    return (time.perf_counter() - begin) * 1000


def measure(database: Database, words: Text, rounds: int) -> dict[str, list[float]]:
    """Milliseconds by kind; `next page` follows the cursor of a common word."""
    took: dict[str, list[float]] = {}
    for kind, make in queries(words).items():
        took[kind] = [ask(database, make())[0] for _ in range(rounds)]
    took["next page"] = []
    _, cursor = ask(database, words.words[3])
    for _ in range(rounds):
        ms, cursor = ask(database, words.words[3], cursor)
        took["next page"].append(ms)
    for kind, make in queries(words).items():
        took[f"{kind}, by recording"] = [ask_grouped(database, make()) for _ in range(rounds)]
    return took


def figures(took: list[float]) -> Figures:
    """Percentiles by nearest rank."""
    requested = sorted(took)

    def at(share: float) -> float:
        return round(requested[min(len(requested) - 1, int(share * len(requested)))], 1)

    return Figures(len(requested), at(0.5), at(0.95), round(requested[-1], 1))


@contextmanager
def databases(folder: Path, names: list[str]) -> Iterator[dict[str, Database]]:
    """The databases asked for, migrated and empty."""
    found: dict[str, Database] = {}
    postgres: Postgres | None = None
    if "sqlite" in names:
        found["sqlite"] = _migrated(f"sqlite:///{folder / 'reelgate.db'}")
    if "postgresql" in names:
        (folder / "postgres").mkdir()
        postgres = Postgres(folder / "postgres")
        postgres.__enter__()
        found["postgresql"] = _migrated(postgres.create_database())
    try:
        yield found
    finally:
        for database in found.values():
            database.close()
        if postgres is not None:
            postgres.__exit__(None, None, None)


def _migrated(url: str) -> Database:
    upgrade(url)
    return Database(url)


def bench(database: Database, span_count: int, rounds: int, show: Callable[[str], None]) -> dict[str, Figures]:
    """All figures of one database."""
    words = Text(seed=2)
    took = fill(database, words, span_count, show)
    result = _lags(SPANS_A_RECORDING, took[-100:])
    number = span_count // SPANS_A_RECORDING
    # Among the others, as they come.
    places = [number * at // LONG_RECORDINGS for at in range(LONG_RECORDINGS)]
    long = [add(database, f"long{place}", place, words.recording(LONG_RECORDING_SPANS)) for place in places]
    result |= _lags(LONG_RECORDING_SPANS, long)
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as autovacuum does in time
    took_by_kind = measure(database, words, rounds)
    result |= {kind: figures(ms) for kind, ms in took_by_kind.items()}
    result["all queries"] = figures([ms for some in took_by_kind.values() for ms in some])
    return result


def _lags(span_count: int, took: list[Lag]) -> dict[str, Figures]:
    return {
        f"index a recording of {span_count} spans": figures([lag.whole for lag in took]),
        f"… of that, in the write transaction ({span_count})": figures([lag.writing for lag in took]),
    }


def table(results: dict[str, dict[str, Figures]], span_count: int) -> Table:
    """One row a kind, p50 / p95 / worst a database."""
    shown = Table(
        title=f"{span_count} spans, milliseconds: p50 / p95 / worst (target: p95 of all queries < {TARGET_MS})"
    )
    shown.add_column("what")
    for name in results:
        shown.add_column(name, justify="right")
    for kind in next(iter(results.values())):
        cells = [result[kind] for result in results.values()]
        shown.add_row(kind, *(f"{cell.p50} / {cell.p95} / {cell.worst}" for cell in cells))
    return shown


def main() -> None:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20, help="queries of each kind")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--output", type=Path, default=_OUTPUT)
    options = parser.parse_args()
    console = Console(width=120)
    with (
        tempfile.TemporaryDirectory(prefix="reelgate-bench-") as name,
        databases(_open_to_all(name), options.databases) as found,
    ):
        results = {
            kind: bench(database, options.spans, options.rounds, partial(_say, console, kind))
            for kind, database in found.items()
        }
    console.print(table(results, options.spans))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "spans": options.spans,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}",
        "milliseconds": {
            name: {kind: asdict(value) for kind, value in result.items()} for name, result in results.items()
        },
    }
    options.output.write_text(json.dumps(document, indent=1) + "\n")


def _open_to_all(name: str) -> Path:
    """PostgreSQL runs under an account of its own and must get through."""
    folder = Path(name)
    folder.chmod(0o711)
    return folder


def _say(console: Console, kind: str, line: str) -> None:
    console.print(f"{kind}: {line}")


if __name__ == "__main__":
    main()
