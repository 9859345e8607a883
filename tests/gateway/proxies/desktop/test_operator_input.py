"""What a browser may say, and how what the operator does is recorded."""

import pytest

from gateway.core.desktop.guac import Instruction, encode
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.proxies.desktop.accepted import Accepted
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.operator_input import OperatorInput


def ticking(*, record_keys: bool = True) -> OperatorInput:
    clock = GuacdClock(lambda: 0.0)
    clock.set(1234)
    return OperatorInput(clock, record_keys=record_keys)


def said(opcode: str, *args: str) -> Instruction:
    return Instruction(opcode, args)


@pytest.mark.parametrize(
    ("opcode", "args"),
    [("mouse", ("1", "-2", "5")), ("key", ("65", "1")), ("touch", ("0", "1", "2", "3", "4", "0.5", "1"))],
)
def test_what_the_operator_does_is_recorded_with_its_time(opcode: str, args: tuple[str, ...]) -> None:
    assert ticking().accept(said(opcode, *args)) == Accepted(
        encode(opcode, *args, 1234), encode(opcode, *args), is_user_input=True
    )


def test_keys_are_left_out_where_the_policy_says_so_but_still_count_as_activity() -> None:
    assert ticking(record_keys=False).accept(said("key", "65", "1")) == Accepted(
        b"", encode("key", 65, 1), is_user_input=True
    )


def test_the_browser_cannot_choose_the_time() -> None:
    accepted = ticking().accept(said("mouse", "1", "2", "0", "999999"))
    assert accepted is not None
    assert accepted.forward == encode("mouse", 1, 2, 0)


def test_acts_before_the_first_frame_are_dropped() -> None:
    assert OperatorInput(GuacdClock(), record_keys=True).accept(said("key", "65", "1")) is None


@pytest.mark.parametrize("opcode", ["sync", "nop", "size", "ack", "get", "disconnect"])
def test_the_rest_of_what_a_client_may_say_passes_unrecorded(opcode: str) -> None:
    assert ticking().accept(said(opcode, "1")) == Accepted(b"", encode(opcode, 1))


@pytest.mark.parametrize(
    "opcode",
    ["select", "connect", "args", "ready", "error", "img", "required", "log", "x;1.y", "pipe", "argv", "audio"],
)
def test_what_a_client_may_not_say_is_refused(opcode: str) -> None:
    with pytest.raises(GuacProtocolError, match="may not send"):
        ticking().accept(said(opcode))


@pytest.mark.parametrize(
    ("opcode", "args"),
    [
        ("mouse", ("1", "2")),
        ("mouse", ("a", "1", "2")),
        ("key", ("65",)),
        ("key", ("", "1")),
        ("mouse", ("1" * 11, "0", "0")),
    ],
)
def test_malformed_acts_are_refused(opcode: str, args: tuple[str, ...]) -> None:
    with pytest.raises(GuacProtocolError, match="malformed"):
        ticking().accept(said(opcode, *args))
