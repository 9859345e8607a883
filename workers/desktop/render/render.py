"""Render in one pass over the original: instructions to the display, its states to video and keyframes."""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from gateway.core.desktop.clock import SessionClock
from gateway.core.errors import InvalidInputError
from gateway.renditions.keyframes import KeyframeWriter
from workers.desktop.display import AheadDecoder
from workers.desktop.display.screen_size import LIMIT
from workers.desktop.render.background import Background
from workers.desktop.render.check import check_keyframes, check_video
from workers.desktop.render.frames import foreseen, frames
from workers.desktop.render.prescan import Prescan, prescan
from workers.desktop.render.reading import Reading
from workers.desktop.render.report import RenderReport
from workers.desktop.render.session import SessionRenderer
from workers.desktop.render.video import VideoWriter

Chunks = Callable[[], Iterable[bytes]]
"""Opens the original's bytes from the start, its segments one after the other, in chunks of any size."""
Progress = Callable[[float], None]


class ScreenTooLargeError(InvalidInputError):
    """The recording shows only screens that are too large to render."""


_NOTHING_TO_SHOW: Final = "the file is not a Guacamole recording: it holds no whole frame"


def render(
    chunks: Chunks,
    video: Path | None,
    keyframes: Path,
    *,
    until_ms: int = 0,
    progress: Progress = lambda _: None,
) -> RenderReport:
    """Render a recording to `video` (MP4; None: no video) and `keyframes` (ZIP). Each file is complete or absent.

    `chunks` is called twice: for a quick scan of the screen sizes, then for the pass. The session ends with its last
    event, or at `until_ms` if that is later. `progress` is called with 0.0 to 1.0. Memory is bounded by the size of the
    screen, not by the length of the recording.

    Raises InvalidInputError if the original is not a recording or shows nothing, RenderCheckError if a written file is
    not as intended, OSError if a file cannot be read or written.
    """
    scan = prescan(chunks())
    check_screen(scan)
    report = _render(chunks(), scan, video, keyframes, until_ms, progress)
    _check(report, video, keyframes)
    progress(1.0)
    return report


def check_screen(scan: Prescan) -> None:
    """Raise InvalidInputError if the scan found no screen to render, ScreenTooLargeError if it is too large."""
    if not scan.source_bytes:
        raise InvalidInputError("the file is empty")
    if scan.width and scan.height:
        return
    if scan.refused is not None:
        raise ScreenTooLargeError(f"the screen of {scan.refused} pixels is larger than can be rendered: {LIMIT}")
    if not scan.sync_count:
        raise InvalidInputError(scan.damage or _NOTHING_TO_SHOW)
    raise InvalidInputError("the file is not a Guacamole recording: its screen never gets a size")


def _render(
    source: Iterable[bytes], scan: Prescan, video: Path | None, keyframes: Path, until_ms: int, progress: Progress
) -> RenderReport:
    width, height = scan.width + scan.width % 2, scan.height + scan.height % 2
    filming = VideoWriter(video, width, height) if video else nullcontext()
    clock = SessionClock()
    reading = Reading(source, lambda done: progress(min(done / scan.source_bytes, 1.0)))
    with filming as film, KeyframeWriter(keyframes) as images, Background() as background, AheadDecoder() as decoder:
        session = SessionRenderer(scan.width, scan.height, film, images, background)
        for frame, pictures in foreseen(frames(reading, clock), decoder):
            session.display.foresee(decoder.take(pictures))
            session.apply(frame)
        if not session.sync_count:
            raise InvalidInputError(reading.damage or _NOTHING_TO_SHOW)
        end_ms = session.finish(max(clock.offset_ms, until_ms))
        background.finish()
        if film:
            film.close(end_ms)
        images.close(end_ms)
    return RenderReport(
        duration_ms=end_ms,
        width=width,
        height=height,
        frame_count=film.frame_count if film else 0,
        keyframe_count=images.count,
        poster_ms=session.poster_ms,
        sync_count=session.sync_count,
        instruction_count=session.instruction_count,
        skipped=dict(session.display.skipped),
        idle=tuple(session.idle.stretches),
        unrendered=tuple(session.unrendered.stretches),
        first_stamp_ms=clock.first_ms or 0,
        clock_jump_count=clock.jump_count,
        source_bytes=scan.source_bytes,
        torn_tail_bytes=reading.torn_tail_bytes,
        damage=reading.damage,
        video_bytes=video.stat().st_size if video else 0,
        keyframes_bytes=keyframes.stat().st_size,
    )


def _check(report: RenderReport, video: Path | None, keyframes: Path) -> None:
    try:
        if video:
            check_video(
                video,
                width=report.width,
                height=report.height,
                frame_count=report.frame_count,
                duration_ms=report.duration_ms,
            )
        check_keyframes(keyframes, report.keyframe_count)
    except BaseException:
        if video:
            video.unlink(missing_ok=True)
        keyframes.unlink(missing_ok=True)
        raise
