"""What the machine's own FFmpeg thinks of a rendered video."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workers.desktop.render import RenderReport, render
from workers.desktop.render.check import RenderCheckError
from workers.desktop.render.probe import confirm

SAMPLE = Path(__file__).parents[2] / "data" / "console-rdp.guac"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderReport]:
    folder = tmp_path_factory.mktemp("rendered")
    video = folder / "video.mp4"
    return video, render(lambda: [SAMPLE.read_bytes()], video, folder / "keyframes.zip")


def test_a_rendered_sample_is_confirmed(rendered: tuple[Path, RenderReport]) -> None:
    confirm(*rendered)


@pytest.mark.parametrize("wrong", [{"width": 640}, {"frame_count": 3}, {"duration_ms": 1000}])
def test_a_report_that_says_otherwise_is_not(rendered: tuple[Path, RenderReport], wrong: dict[str, Any]) -> None:
    video, report = rendered
    with pytest.raises(RenderCheckError):
        confirm(video, replace(report, **wrong))


@pytest.mark.parametrize("kept", [0.0, 0.5])
def test_a_cut_or_overwritten_video_is_not_confirmed(
    rendered: tuple[Path, RenderReport], tmp_path: Path, kept: float
) -> None:
    video, report = rendered
    data = bytearray(video.read_bytes())
    data[int(len(data) * kept) :] = bytes(len(data) - int(len(data) * kept))
    broken = tmp_path / "video.mp4"
    broken.write_bytes(data)
    with pytest.raises(RenderCheckError):
        confirm(broken, report)
