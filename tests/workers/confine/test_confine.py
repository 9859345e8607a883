"""A confined process works within its limits, and whatever becomes of it the caller gets an answer or an error."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from gateway.core.errors import InvalidInputError, ReelgateError, UnavailableError
from workers.confine import LimitError, Limits, run_confined

MODULE = "tests.workers.confine.misbehaving"


@pytest.fixture(autouse=True)
def _code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own modules can be found, as the installed ones can."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))


def run(behaviour: str, limits: Limits | None = None, progress: Any = lambda _: None) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        return run_confined(MODULE, {"behaviour": behaviour}, progress, limits or Limits(), Path(folder))


def test_it_answers_and_tells_how_far_it_is_and_knows_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELGATE_S3_SECRET_KEY", "hush")
    told: list[float] = []
    answer = run("work", progress=told.append)
    assert answer["settings"] == []
    assert told == [0.5]


def test_what_libraries_print_is_not_taken_for_an_answer() -> None:
    assert run("print")["settings"] == []


def test_memory_is_limited() -> None:
    with pytest.raises(InvalidInputError, match="more memory than a worker may use"):
        run("eat", Limits(memory_bytes=2**30))


def test_silence_is_limited() -> None:
    with pytest.raises(LimitError, match="no progress"):
        run("hang", Limits(stall_seconds=3))


def test_time_is_limited() -> None:
    with pytest.raises(LimitError, match="longer than allowed"):
        run("hang", Limits(total_seconds=3))


def test_its_death_is_an_error() -> None:
    with pytest.raises(LimitError, match="died with status -6"):
        run("die")


@pytest.mark.parametrize(
    ("behaviour", "kind", "text"),
    [
        ("refuse", InvalidInputError, "not a picture"),
        ("fill", UnavailableError, "the disk is full"),
        ("break", ReelgateError, "unexpected KeyError"),
    ],
)
def test_its_errors_are_the_callers(behaviour: str, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=text):
        run(behaviour)


def test_a_caller_that_stops_listening_ends_it() -> None:
    pids: list[int] = []

    def stop(_share: float) -> None:
        pids.extend(int(path.name) for path in Path("/proc").iterdir() if is_child(path))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run("hang", progress=stop)
    assert pids
    assert not any(is_child(Path("/proc") / str(pid)) for pid in pids)


def is_child(path: Path) -> bool:
    try:
        return MODULE.encode() in (path / "cmdline").read_bytes() and own_child(path)
    except (OSError, ValueError):
        return False


def own_child(path: Path) -> bool:
    import os

    return f"PPid:\t{os.getpid()}\n" in (path / "status").read_text()
