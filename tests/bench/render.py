"""How fast and how small the renderer is, beside guacenc where that is installed: `python -m tests.bench.render`.

Prints a table, one of where the time goes, and writes `build/bench/render.json`. Each figure is the median of paired runs (ours, then guacenc, in
turn) of the whole program, start included; the idle session, which takes guacenc minutes, is one pair.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Annotated, Any, Final, NamedTuple

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from gateway.core.desktop.clock import SessionClock
from gateway.core.desktop.guac import NEED_DATA, GuacParser, encode
from workers.desktop.display import Display

ROOT: Final = Path(__file__).parents[2]
RESULT: Final = ROOT / "build/bench/render.json"
SAMPLES: Final = [ROOT / "tests/data" / f"{name}.guac" for name in ("console-rdp", "terminal-vnc")]
_IDLE: Final = "idle.guac"


class Run(NamedTuple):
    """One run of a program: wall-clock and processor seconds, peak memory, what it printed."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    printed: str


@dataclass(frozen=True)
class Row:
    """One recording: times are medians; `ssim` is the lowest of the frames looked at.

    On a machine that does other work too, processor seconds say more than wall-clock seconds.
    """

    recording: str
    seconds: float
    cpu_seconds: float
    video_bytes: int
    peak_mb: float
    frames: int
    keyframes: int
    ssim: float
    guacenc_seconds: float | None
    guacenc_cpu_seconds: float | None
    guacenc_bytes: int | None
    parts: dict[str, float]
    """Processor seconds by part, of a run of its own: what limits it."""
    load: float
    """Processes that ran or waited for a core, mean of the last minute."""

    @property
    def times_faster(self) -> float | None:
        return self.guacenc_seconds / self.seconds if self.guacenc_seconds else None

    @property
    def times_less_cpu(self) -> float | None:
        return self.guacenc_cpu_seconds / self.cpu_seconds if self.guacenc_cpu_seconds else None

    @property
    def times_smaller(self) -> float | None:
        return self.guacenc_bytes / self.video_bytes if self.guacenc_bytes else None


def main(
    guacenc: Annotated[str | None, typer.Option(help="guacenc's command line, e.g. 'chroot ROOT guacenc'.")] = None,
    guacenc_folder: Annotated[Path | None, typer.Option(help="A folder guacenc sees as /tmp (for a chroot).")] = None,
    runs: Annotated[int, typer.Option(min=1)] = 3,
    idle_minutes: Annotated[int, typer.Option(min=0, help="Length of the generated session, 0 for none.")] = 60,
) -> None:
    """Measure the samples and a generated, mostly idle session."""
    with TemporaryDirectory(dir=guacenc_folder) as name:
        folder = Path(name)
        recordings = [Path(shutil.copy(path, folder)) for path in SAMPLES]
        if idle_minutes:
            recordings.append(folder / _IDLE)
            recordings[-1].write_bytes(b"".join(_idle(idle_minutes * 60)))
        rows = [_measure(path, (guacenc or "").split(), guacenc_folder, runs) for path in recordings]
    _print(rows)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def _measure(recording: Path, guacenc: Sequence[str], guacenc_folder: Path | None, runs: int) -> Row:
    video = recording.with_suffix(".mp4")
    command = [sys.executable, "-m", "workers.desktop.render", str(recording), "-o", str(video), "--json"]
    ours: list[Run] = []
    theirs: list[Run] = []
    for _ in range(1 if recording.name == _IDLE else runs):
        ours.append(_timed(command))
        if guacenc:
            theirs.append(_guacenc(recording, guacenc, guacenc_folder))
    report = json.loads(ours[-1].printed)
    return Row(
        recording=recording.stem,
        seconds=statistics.median(run.seconds for run in ours),
        cpu_seconds=statistics.median(run.cpu_seconds for run in ours),
        video_bytes=report["bytes"],
        peak_mb=max(run.peak_mb for run in ours),
        frames=report["frames"],
        keyframes=report["keyframe_count"],
        ssim=_lowest_ssim(recording, video),
        guacenc_seconds=statistics.median(run.seconds for run in theirs) if theirs else None,
        guacenc_cpu_seconds=statistics.median(run.cpu_seconds for run in theirs) if theirs else None,
        guacenc_bytes=recording.with_name(recording.name + ".m4v").stat().st_size if theirs else None,
        parts=_parts(recording),
        load=os.getloadavg()[0],
    )


def _parts(recording: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads(
        _timed([sys.executable, "-m", "tests.bench.render_parts", str(recording)]).printed
    )
    return found


def _guacenc(recording: Path, command: Sequence[str], folder: Path | None) -> Run:
    """guacenc at the screen's size and its own bit rate; it writes NAME.m4v beside its input and refuses to overwrite."""
    recording.with_name(recording.name + ".m4v").unlink(missing_ok=True)
    seen = Path("/tmp") / recording.relative_to(folder) if folder else recording
    return _timed([*command, "-s", "1280x800", str(seen)])


def _timed(command: Sequence[str]) -> Run:
    with TemporaryFile() as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise typer.BadParameter(f"{command[0]} ended with status {process.returncode}")
        out.seek(0)
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read().decode())


def _idle(seconds: int) -> Iterator[bytes]:
    """A desktop that stands still but for a blinking cursor, and ten seconds of typing every five minutes."""
    yield encode("size", 0, 1280, 800)
    for row in range(50):
        grey = 40 + row * 3
        yield encode("rect", 0, 0, row * 16, 1280, 16) + encode("cfill", 14, 0, grey, grey, grey, 255)
    for half in range(seconds * 2):
        typing = half % 600 < 20  # ten seconds, in halves
        x = 40 + half % 600 * 9 if typing else 30
        shade = 255 * (half % 2)
        yield encode("rect", 0, x, 400, 8, 16) + encode("cfill", 14, 0, shade, shade, shade, 255)
        yield encode("sync", 1000 + half * 500)


def _lowest_ssim(recording: Path, video: Path) -> float:
    """The lowest SSIM of luma between every tenth frame of the video and the screen it shows (pointer left out)."""
    import av

    screens = _screens(recording)
    first = next(screens)
    screen, coming = first[1], next(screens, None)
    lowest = 1.0
    with av.open(str(video)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % 10 == 0 and number < 1000:  # enough for a figure
                while coming is not None and coming[0] <= round((frame.time or 0) * 1000):
                    _, screen = coming
                    coming = next(screens, None)
                lowest = min(lowest, _ssim(frame.to_ndarray(format="rgb24"), screen))
    return lowest


def _screens(recording: Path) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """The last screen of every time that has one, RGB with the pointer."""
    display, clock, parser = Display(), SessionClock(), GuacParser()
    parser.feed(recording.read_bytes())
    held: tuple[int, NDArray[np.uint8]] | None = None
    while (instruction := parser.next_instruction()) is not NEED_DATA:
        display.apply(instruction)
        if instruction.opcode == "sync":
            at_ms = clock.sync(instruction.args[0])
            display.take_touched()
            if held and held[0] != at_ms:
                yield held
            screen = display.screen.copy()
            display.pointer.look.paint(screen)
            held = at_ms, screen[..., :3]
    if held:
        yield held


def _ssim(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Structural similarity of luma (Wang et al. 2004: Gaussian window of 11, sigma 1.5, K1 0.01, K2 0.03)."""
    a, b = (cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2GRAY).astype(np.float64) for image in (one, other))

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5))

    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b, both = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2, mean(a * b) - mean_a * mean_b
    values = (2 * mean_a * mean_b + c1) * (2 * both + c2) / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))
    return float(values.mean())


def _print(rows: Sequence[Row]) -> None:
    ours = "recording", "s", "CPU s", "bytes", "peak MB", "frames", "keyframes", "SSIM"
    table = Table(*ours, "guacenc s", "CPU s", "bytes", "faster", "less CPU", "smaller", "load")
    for row in rows:
        table.add_row(*_cells(row))
    console = Console(width=160)
    console.print(table)
    limits = Table("CPU seconds of", *(row.recording for row in rows), title="what limits it")
    for part in rows[0].parts:
        limits.add_row(part, *(f"{row.parts[part]:.2f}" for row in rows))
    console.print(limits)


def _cells(row: Row) -> Iterator[str]:
    yield from (row.recording, f"{row.seconds:.2f}", f"{row.cpu_seconds:.2f}", f"{row.video_bytes:,}")
    yield from (f"{row.peak_mb:.0f}", str(row.frames), str(row.keyframes), f"{row.ssim:.4f}")
    yield from (f"{value:.2f}" if value else "-" for value in (row.guacenc_seconds, row.guacenc_cpu_seconds))
    yield f"{row.guacenc_bytes:,}" if row.guacenc_bytes else "-"
    ratios = row.times_faster, row.times_less_cpu, row.times_smaller
    yield from (f"{ratio:,.1f}x" if ratio else "-" for ratio in ratios)
    yield f"{row.load:.1f}"


if __name__ == "__main__":
    typer.run(main)
