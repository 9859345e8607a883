"""The program `python -m workers.desktop.render`: it renders, and starts without what only the server needs."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

from tests.workers.streams import Stream

ROOT = Path(__file__).parents[3]
LARGE = "{'sqlalchemy', 'sqlmodel', 'pydantic', 'alembic', 'structlog', 'celery', 'fastapi', 'PIL', 'rich'}"


def _python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_renders_and_ends_with_the_status_of_the_command(tmp_path: Path) -> None:
    source, video = tmp_path / "in.guac", tmp_path / "out.mp4"
    source.write_bytes(Stream(64, 48).fill(0, (0, 0, 9, 9), (255, 0, 0, 255)).sync().sync().data)
    done = _python("-m", "workers.desktop.render", source, "-o", video, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["bytes"] == video.stat().st_size
    failed = _python("-m", "workers.desktop.render", tmp_path / "none.guac", "-o", video)
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr.count("\n") == 1


def test_full_screens_at_1080p_stay_within_400_mb(tmp_path: Path) -> None:
    """Each is another one, close behind the one before: as much waits to be drawn and to be encoded as ever may."""
    source, rng = tmp_path / "in.guac", np.random.default_rng(1)
    with source.open("wb") as file:
        stream = Stream(1920, 1080)
        for _ in range(40):
            picture = np.kron(rng.integers(0, 256, (108, 192, 3), np.uint8), np.ones((10, 10, 1), np.uint8))
            stream.img(0, bytes(cv2.imencode(".jpg", picture)[1]), kind="jpeg").sync(70)
            file.write(stream.data)
            stream.data = b""
    # What rusage says of a child begins with the size of the process that started it.
    code = (
        "import sys; from pathlib import Path; from workers.desktop.render.program import run\n"
        "assert run(Path(sys.argv[1]), Path(sys.argv[2]), as_json=True) == 0\n"
        "print(Path('/proc/self/status').read_text())"
    )
    done = _python("-c", code, source, tmp_path / "out.mp4")
    assert done.returncode == 0, done.stderr
    [peak_kb] = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("VmHWM:")]
    assert peak_kb < 400 * 1024


def test_neither_it_nor_the_program_it_is_a_command_of_loads_what_the_server_needs() -> None:
    code = f"import sys, gateway.cli, workers.desktop.render.__main__; print(sorted({LARGE} & set(sys.modules)))"
    assert _python("-c", code).stdout == "[]\n"


def test_while_it_runs_it_loads_no_more(tmp_path: Path) -> None:
    source, video = tmp_path / "in.guac", tmp_path / "out.mp4"
    source.write_bytes(Stream(64, 48).fill(0, (0, 0, 9, 9), (255, 0, 0, 255)).sync().sync().data)
    done = _python("-v", "-m", "workers.desktop.render", source, "-o", video)
    assert done.returncode == 0
    assert "import 'workers.desktop.render.program'" in done.stderr
    assert [name for name in ("pydantic", "rich", "typer") if f"import '{name}'" in done.stderr] == []
