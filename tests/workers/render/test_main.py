"""The program `python -m workers.render`: it renders, and starts without what only the server needs."""

import json
import subprocess
import sys
from pathlib import Path

from tests.workers.streams import Stream

ROOT = Path(__file__).parents[3]
LARGE = "{'sqlalchemy', 'sqlmodel', 'pydantic', 'alembic', 'structlog', 'celery', 'fastapi', 'PIL', 'rich'}"


def _python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_renders_and_ends_with_the_status_of_the_command(tmp_path: Path) -> None:
    source, video = tmp_path / "in.guac", tmp_path / "out.mp4"
    source.write_bytes(Stream(64, 48).fill(0, (0, 0, 9, 9), (255, 0, 0, 255)).sync().sync().data)
    done = _python("-m", "workers.render", source, "-o", video, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["bytes"] == video.stat().st_size
    failed = _python("-m", "workers.render", tmp_path / "none.guac", "-o", video)
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr.count("\n") == 1


def test_neither_it_nor_the_program_it_is_a_command_of_loads_what_the_server_needs() -> None:
    code = f"import sys, gateway.cli, workers.render.__main__; print(sorted({LARGE} & set(sys.modules)))"
    assert _python("-c", code).stdout == "[]\n"


def test_while_it_runs_it_loads_no_more(tmp_path: Path) -> None:
    source, video = tmp_path / "in.guac", tmp_path / "out.mp4"
    source.write_bytes(Stream(64, 48).fill(0, (0, 0, 9, 9), (255, 0, 0, 255)).sync().sync().data)
    done = _python("-v", "-m", "workers.render", source, "-o", video)
    assert done.returncode == 0
    assert "import 'workers.render.program'" in done.stderr
    assert [name for name in ("pydantic", "rich", "typer") if f"import '{name}'" in done.stderr] == []
