"""When each instruction of a session happened: time passes without `sync`, and never backwards."""

import pytest
from hypothesis import given, strategies as st

from gateway.core.desktop import operator_streams
from gateway.core.desktop.clock import MAX_STEP_MS, SessionClock
from gateway.core.desktop.guac import Instruction
from tests.workers.streams import instructions

HOUR = 3_600_000
EPOCH = 1_760_000_000_000


def taken(*stream: tuple[str, int | str]) -> tuple[list[int], int]:
    """Offsets of syncs and keys by their stamps, and how many stamps were not believed."""
    clock = SessionClock()
    return [clock.take(one(opcode, str(stamp))) for opcode, stamp in stream], clock.jump_count


def one(opcode: str, stamp: str) -> Instruction:
    before = {"key": ("97", "1"), "mouse": ("1", "2", "0"), "touch": ("1",) * 7}
    return Instruction(opcode, (*before.get(opcode, ()), stamp))


def test_time_counts_from_the_first_stamp_and_never_goes_back() -> None:
    assert taken(("sync", 5000), ("sync", 5100), ("sync", 5050), ("sync", 5200)) == ([0, 100, 100, 200], 1)


def test_a_clock_that_was_set_costs_a_step_and_not_the_session() -> None:
    stamps = ("1000", "2000", "99999999999999", "100000000000500", "1500", "1600", "", "-5", "9" * 40)
    assert taken(*(("sync", stamp) for stamp in stamps)) == ([0, 1000, 1000, 1501, 1501, 1601, 1601, 1601, 1601], 5)


@pytest.mark.parametrize("opcode", ["key", "mouse", "touch"])
@pytest.mark.parametrize("quiet_ms", [1, 61_000, 25 * HOUR, 40 * 24 * HOUR, MAX_STEP_MS])
def test_events_have_their_own_time_however_long_no_sync_came(opcode: str, quiet_ms: int) -> None:
    stream = ("sync", EPOCH), (opcode, EPOCH + quiet_ms), (opcode, EPOCH + quiet_ms + 20)
    assert taken(*stream) == ([0, quiet_ms, quiet_ms + 20], 0)


def test_what_the_operator_sent_has_its_own_time() -> None:
    clock = SessionClock()
    data = (
        b"4.sync,4.1000;"
        + operator_streams.clipboard(1, "text/plain", 5000)
        + operator_streams.end(1, 6000, 3)
        + operator_streams.put("0", 2, "text/plain", "a.txt", 8000)
        + operator_streams.file(3, "text/plain", "b.txt", 9000)
    )
    assert [clock.take(instruction) for instruction in instructions(data)] == [0, 4000, 5000, 7000, 8000]


@pytest.mark.parametrize("bare", [Instruction("key", ("97", "1")), Instruction("end", ("5",)), Instruction("nop", ())])
def test_what_has_no_time_happens_when_the_one_before_did(bare: Instruction) -> None:
    clock = SessionClock()
    clock.sync("1000")
    clock.event("1500")
    assert (clock.take(bare), clock.jump_count) == (500, 0)


def test_a_sync_a_little_behind_an_event_is_no_jump() -> None:
    assert taken(("sync", 1000), ("key", 1503), ("sync", 1500), ("sync", 1600)) == ([0, 503, 503, 600], 0)


def test_events_of_another_epoch_keep_their_distances() -> None:
    """Syncs count from the machine's start, keys since 1970, or the other way round."""
    for syncs, keys in ((2_000_000, EPOCH), (EPOCH, 2_000_000)):
        stream = (
            ("sync", syncs),
            ("key", keys),
            ("key", keys + HOUR),
            ("sync", syncs + HOUR + 10),
            ("key", keys + HOUR + 50),
        )
        assert taken(*stream) == ([0, 0, HOUR, HOUR + 10, HOUR + 50], 1)


def test_events_an_hour_ahead_cost_an_hour_once() -> None:
    """A recording whose keys were stamped in another time zone: its distances stay, and it is counted."""
    stream = [
        (kind, EPOCH + at + (HOUR if kind == "key" else 0)) for at in range(0, 1000, 100) for kind in ("sync", "key")
    ]
    offsets, jump_count = taken(*stream)
    assert offsets[-1] - offsets[1] == 900
    assert jump_count == 1


def test_a_clock_set_back_while_nothing_was_drawn_loses_no_time_after_it() -> None:
    stream = (
        ("sync", EPOCH),
        ("key", EPOCH + 1000),
        ("key", EPOCH - HOUR),
        ("key", EPOCH - HOUR + 5000),
        ("sync", EPOCH - HOUR + 9000),
    )
    assert taken(*stream) == ([0, 1000, 1000, 6000, 10_000], 1)


def test_events_before_the_first_sync_begin_the_session() -> None:
    assert taken(("key", 4000), ("mouse", 4500), ("sync", 5000)) == ([0, 500, 1000], 0)


@pytest.mark.parametrize("hostile", [2**62, 2**59, 10**15, "x", "-1", "٣", "1e9"])
@pytest.mark.parametrize("opcode", ["sync", "key"])
def test_a_hostile_stamp_is_counted_and_changes_nothing(opcode: str, hostile: int | str) -> None:
    stream = ("sync", EPOCH), ("key", EPOCH + 10), (opcode, hostile), ("key", EPOCH + 500), ("sync", EPOCH + 900)
    offsets, jump_count = taken(*stream)
    assert offsets == [0, 10, 10, 500, 900]
    assert jump_count >= 1


@given(
    st.lists(
        st.tuples(st.sampled_from(["sync", "key", "mouse", "touch"]), st.integers(-5, 2**63) | st.text(max_size=4))
    )
)
def test_any_stamps_give_times_that_never_go_back(stream: list[tuple[str, int | str]]) -> None:
    offsets, _ = taken(*stream)
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= MAX_STEP_MS * len(stream) for offset in offsets)
