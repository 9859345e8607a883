"""The render stage: a sealed original becomes a video and keyframes.

Reads the segments, hot or archived. Writes `video.mp4` and `keyframes.zip` with their rows, duration and size of the
recording, and the renderer's report in `facts["render"]`. A recording that never showed anything gets no renditions,
and the facts say so. The same goes for one whose screen is too large; it counts as not read.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from gateway.core.recording.layout import KEYFRAMES, VIDEO
from gateway.db.repositories import recordings
from workers.confine import Limits, run_confined
from workers.running.inputs import original_request
from workers.running.outputs import Output, finished, note_fact, put_renditions
from workers.running.work import Publish, StageWork

# Two 8K frames and their differences take about 400 MB; x264 holds about 40 more frames, encoded.
_LIMITS = Limits(memory_bytes=3 * 2**30)

_NOTHING: Final = {"reason": "nothing was shown", "refused": None}


def run(work: StageWork) -> Publish:
    """Render in a confined process, which checks what it wrote. Publishing then moves both files into place."""
    if not work.recording.is_shown:
        return lambda session: _publish_nothing(session, work, _NOTHING)
    answer = _render(work)
    report = answer["report"]
    if report is None:
        return lambda session: _publish_nothing(session, work, answer)
    outputs = [finished(work, name, answer["engine"]) for name in (VIDEO, KEYFRAMES)]
    return lambda session: _publish(session, work, outputs, report)


def _render(work: StageWork) -> dict[str, Any]:
    request = {
        **original_request(work),
        "until_ms": work.recording.duration_ms or 0,
        "video": VIDEO,
        "keyframes": KEYFRAMES,
    }
    return run_confined("workers.desktop.render.inside", request, work.progress, _LIMITS, work.scratch)


def _publish(session: Session, work: StageWork, outputs: list[Output], report: Mapping[str, Any]) -> None:
    put_renditions(session, work, outputs)
    row = recordings.get(session, work.recording.id, lock=True)
    row.duration_ms, row.width, row.height = report["duration_ms"], report["width"], report["height"]
    note_fact(row, "render", report)
    session.add(row)


def _publish_nothing(session: Session, work: StageWork, answer: Mapping[str, Any]) -> None:
    recordings.drop_renditions(session, work.recording.id, [VIDEO, KEYFRAMES])
    row = recordings.get(session, work.recording.id, lock=True)
    fact = {"reason": answer["reason"]}
    if answer["refused"] is not None:
        fact["unrendered"] = [[0, row.duration_ms or 0, *answer["refused"]]]
    note_fact(row, "render", fact)
    session.add(row)
