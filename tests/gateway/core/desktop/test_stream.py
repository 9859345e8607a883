from gateway.core.desktop.guac import encode
from gateway.core.desktop.stream import DesktopStream

FRAME = encode("size", "0", "640", "480") + encode("sync", "1000")
LATER = encode("sync", "3500")


def test_a_segment_tells_its_times_and_what_is_torn() -> None:
    stream = DesktopStream()
    first = stream.next_segment()
    whole = first.feed(FRAME + LATER + b"4.sync,")
    assert whole == FRAME + LATER
    assert (first.first_ms, first.last_ms, first.pending_bytes, first.fault) == (0, 2500, len("4.sync,"), None)
    assert (stream.duration_ms, stream.is_shown) == (2500, True)


def test_segments_share_a_clock_and_nothing_else() -> None:
    stream = DesktopStream()
    stream.next_segment().feed(FRAME + b"torn")
    second = stream.next_segment()
    assert second.feed(LATER[:3]) == b""
    assert second.feed(LATER[3:]) == LATER
    assert (second.first_ms, second.last_ms, second.pending_bytes) == (2500, 2500, 0)


def test_what_stands_before_a_fault_is_returned_and_nothing_after_it() -> None:
    segment = DesktopStream().next_segment()
    assert segment.feed(FRAME + b"garbage;") == FRAME
    assert segment.fault is not None
    assert segment.feed(FRAME) == b""


def test_a_stream_without_a_frame_shows_nothing() -> None:
    stream = DesktopStream()
    stream.next_segment().feed(encode("key", "97", "1", "1000"))
    assert not stream.is_shown
