"""What is held down is released, whatever was pressed in whatever order."""

from collections import Counter

from hypothesis import given, strategies as st

from gateway.core.desktop.guac import Instruction
from gateway.proxies.desktop.accepted import Accepted
from gateway.proxies.desktop.held_input import MOST_HELD
from tests.gateway.proxies.desktop.site import instructions
from tests.gateway.proxies.desktop.test_operator_input import ticking

KEY = st.builds(
    lambda keysym, pressed: Instruction("key", (keysym, pressed)),
    st.sampled_from(["65", "65507", "65289"]),
    st.sampled_from("01"),
)
MOUSE = st.builds(lambda x, mask: Instruction("mouse", (str(x), "7", str(mask))), st.integers(0, 9), st.integers(0, 31))
TOUCH = st.builds(
    lambda finger, force: Instruction("touch", (finger, "1", "2", "3", "4", "0", force)),
    st.sampled_from("01"),
    st.sampled_from(["0", "0.5", "1"]),
)


def held(forwarded: bytes) -> Counter[tuple[str, str]]:
    """What is down after these instructions, as the target sees it."""
    down: Counter[tuple[str, str]] = Counter()
    for item in instructions(forwarded):
        if item.opcode == "mouse":
            down["mouse", ""] = int(item.args[2])
        elif item.opcode == "key":
            down["key", item.args[0]] = int(item.args[1])
        else:
            down["touch", item.args[0]] = int(float(item.args[6]) > 0)
    return +down


def forwarded(accepted: list[Accepted | None]) -> bytes:
    return b"".join(one.forward for one in accepted if one is not None)


@given(st.lists(KEY | MOUSE | TOUCH, max_size=30))
def test_locking_releases_all_that_is_down_and_nothing_else(said: list[Instruction]) -> None:
    operator = ticking()
    before = forwarded([operator.accept(one) for one in said])
    released = forwarded([*operator.lock()])
    assert not held(before + released)
    assert len(instructions(released)) == len(held(before))
    assert not operator.lock(), "nothing is released twice"


@given(st.lists(KEY | MOUSE | TOUCH, max_size=10), st.lists(KEY | MOUSE | TOUCH, max_size=10))
def test_nothing_said_while_it_is_locked_passes_then_or_later(
    first: list[Instruction], then: list[Instruction]
) -> None:
    operator = ticking()
    for one in first:
        operator.accept(one)
    operator.lock()
    assert [operator.accept(one) for one in then] == [None] * len(then)
    operator.unlock()
    assert not operator.lock()


def test_releases_are_recorded_as_the_policy_has_it() -> None:
    for record_keys in (True, False):
        operator = ticking(record_keys=record_keys)
        operator.accept(Instruction("key", ("65507", "1")))
        operator.accept(Instruction("mouse", ("5", "6", "1")))
        recorded = b"".join(one.record for one in operator.lock())
        assert [item.opcode for item in instructions(recorded)] == (["key", "mouse"] if record_keys else ["mouse"])
        assert instructions(recorded)[-1].args == ("5", "6", "0", "1234")
        assert not any(one.is_user_input for one in operator.lock())


def test_open_uploads_end_and_what_still_comes_of_them_is_dropped() -> None:
    operator = ticking()
    operator.accept(Instruction("file", ("3", "text/plain", "a.txt")))
    assert [item.opcode for item in instructions(forwarded([*operator.lock()]))] == ["end"]
    operator.unlock()
    assert operator.accept(Instruction("blob", ("3", "QQ=="))) is None


def test_what_a_browser_goes_on_saying_passes() -> None:
    operator = ticking()
    operator.lock()
    for opcode in ("sync", "nop", "ack", "disconnect"):
        assert operator.accept(Instruction(opcode, ("1",))) is not None
    for opcode in ("size", "get"):
        assert operator.accept(Instruction(opcode, ("1",))) is None


def test_more_than_anybody_can_hold_does_not_reach_the_target() -> None:
    """It would be down for good, and locking would have to remember without end."""
    operator = ticking()
    pressed = [operator.accept(Instruction("key", (str(keysym), "1"))) for keysym in range(100, 1000)]
    assert len([one for one in pressed if one is not None]) == MOST_HELD
    assert operator.accept(Instruction("key", ("100", "1"))) is not None, "a key that is down repeats"
    assert operator.accept(Instruction("key", ("100", "0"))) is not None
    assert operator.accept(Instruction("key", ("999", "1"))) is not None
    assert len(instructions(forwarded([*operator.lock()]))) == MOST_HELD
