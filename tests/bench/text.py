"""`python -m tests.bench.text`: every engine on the samples: recall, CPU seconds, hit rates.

Prints a table and writes build/bench/text.json. CPU seconds are those of all threads and child processes, for finding
and reading lines; rendering comes before and is not in them.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from gateway.renditions.keyframes import KeyframeReader
from tests.workers.desktop.ocr.scoring import recall
from workers.desktop.ocr import Span, load_engine, read
from workers.desktop.ocr.engines import engine_names
from workers.desktop.render import render

_DATA: Final = Path(__file__).parents[1] / "data"
_SAMPLES: Final = ("terminal-vnc", "console-rdp")
_OUTPUT: Final = Path("build/bench/text.json")


@dataclass(frozen=True)
class Row:
    """One engine on one sample; `cpu_share` is CPU seconds per second of session."""

    sample: str
    engine: str
    version: str
    exact: float
    fuzzy: float
    cpu_seconds: float
    cpu_share: float
    wall_seconds: float
    lines_seen: int
    lines_read: int
    hit_rate: float
    share_read: float
    missed: tuple[str, ...]


def measure(sample: str, engine_name: str, keyframes: Path) -> Row:
    """One run; the engine is loaded before the clock starts."""
    engine = load_engine(engine_name)
    spans: list[Span] = []
    cpu, wall = _cpu_seconds(), time.perf_counter()
    with KeyframeReader(keyframes) as reader:
        reading = read(reader, engine, keep=spans.append)
    cpu, wall = _cpu_seconds() - cpu, time.perf_counter() - wall
    score = recall(spans, _DATA / f"{sample}.steps.json")
    return Row(
        sample=sample,
        engine=engine_name,
        version=reading.engine_version,
        exact=round(score.exact, 3),
        fuzzy=round(score.fuzzy, 3),
        cpu_seconds=round(cpu, 2),
        cpu_share=round(cpu / reading.coverage.seconds_read, 3),
        wall_seconds=round(wall, 2),
        lines_seen=reading.counts.lines_seen,
        lines_read=reading.counts.lines_read,
        hit_rate=round(reading.counts.hit_rate, 3),
        share_read=round(reading.coverage.share_read, 3),
        missed=score.missed,
    )


def main() -> int:
    """Run everything, print, write."""
    with TemporaryDirectory() as folder:
        rows = [row for sample in _SAMPLES for row in _measure_all(sample, Path(folder))]
    _OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    _OUTPUT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    _print(rows)
    return 0


def _measure_all(sample: str, folder: Path) -> Iterator[Row]:
    original, keyframes = (_DATA / f"{sample}.guac").read_bytes(), folder / f"{sample}.zip"
    render(lambda: [original], folder / "video.mp4", keyframes)
    for name in engine_names():
        yield measure(sample, name, keyframes)


def _print(rows: list[Row]) -> None:
    columns = (
        "sample",
        "engine",
        "exact",
        "fuzzy",
        "cpu_seconds",
        "cpu_share",
        "wall_seconds",
        "lines_read",
        "hit_rate",
    )
    table = Table(*columns)
    for row in rows:
        table.add_row(*(str(asdict(row)[column]) for column in columns))
    Console(width=120).print(table)


def _cpu_seconds() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    sys.exit(main())
