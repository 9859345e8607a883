"""What was typed stands at the time it was typed, however long no frame came."""

from pathlib import Path

import pytest

from gateway.core.desktop.guac import encode
from gateway.renditions.spans import Span
from workers.desktop.text import extract

DATA = Path(__file__).parents[2] / "data"


def typed(data: bytes) -> dict[str, tuple[int, int]]:
    spans: list[Span] = []
    extract([data], keep=spans.append)
    return {span.text: (span.start_ms, span.end_ms) for span in spans}


@pytest.mark.parametrize(
    ("name", "text", "start_ms", "end_ms"),
    [
        ("t-key-after-quiet", "first", 1000, 1250),
        ("t-key-after-quiet", "hunter2secret", 602_000, 602_650),
        ("t-idle-25h", "shutdown now", 90_001_000, 90_001_600),
        ("t-tail-keys", "tailkeys", 31_000, 31_400),
        ("live-guacd160-static", "hidden", 83_052, 83_568),
    ],
)
def test_typed_lines_of_recordings_without_syncs(name: str, text: str, start_ms: int, end_ms: int) -> None:
    assert typed((DATA / f"{name}.guac").read_bytes())[text] == (start_ms, end_ms)


def test_a_recording_without_any_sync_has_its_typed_lines() -> None:
    data = b"".join(encode("key", ord(letter), 1, 7000 + 100 * at) for at, letter in enumerate("no sync"))
    assert typed(data) == {"no sync": (0, 600)}
