"""The samples through the renderer and the default engine: the bars the product promises."""

from pathlib import Path

import pytest

from gateway.renditions.keyframes import KeyframeReader
from tests.parts.long import rest_later
from tests.workers.desktop.ocr.scoring import recall
from workers.desktop.ocr import Span, load_engine, read
from workers.desktop.render import render

_DATA = Path(__file__).parents[3] / "data"


@pytest.mark.parametrize("sample", rest_later(["terminal-vnc", "console-rdp"], {"console-rdp"}))
def test_phrases_on_the_samples_are_found(sample: str, tmp_path: Path) -> None:
    original = (_DATA / f"{sample}.guac").read_bytes()
    render(lambda: [original], tmp_path / "video.mp4", tmp_path / "keyframes.zip")
    spans: list[Span] = []

    with KeyframeReader(tmp_path / "keyframes.zip") as keyframes:
        reading = read(keyframes, load_engine("auto"), keep=spans.append)

    score = recall(spans, _DATA / f"{sample}.steps.json")
    assert score.exact >= 0.95, score.missed
    assert score.fuzzy >= 0.98, score.missed
    assert reading.spans == len(spans)
    assert reading.coverage.share_read > 0.95
    assert reading.counts.hit_rate > 0.5
