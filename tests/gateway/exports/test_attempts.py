"""An address has a number of attempts a minute, a host of IPv6 is one address, and memory is bounded."""

import pytest

from gateway.exports import attempts
from gateway.exports.attempts import MAX_ATTEMPTS, WINDOW_SECONDS, AttemptLimit


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("gateway.exports.attempts.time.monotonic", lambda: now[0])
    return now


def test_tries_come_back_after_the_window(clock: list[float]) -> None:
    counted = AttemptLimit()
    assert [counted.allow("192.0.2.1") for _ in range(MAX_ATTEMPTS + 1)] == [True] * MAX_ATTEMPTS + [False]
    assert counted.allow("192.0.2.2"), "another address"
    clock[0] += WINDOW_SECONDS
    assert counted.allow("192.0.2.1")


def test_a_host_of_ipv6_is_one_address(clock: list[float]) -> None:
    assert clock
    counted = AttemptLimit()
    for number in range(MAX_ATTEMPTS):
        assert counted.allow(f"2001:db8::{number:x}")
    assert not counted.allow("2001:db8::ffff")
    assert counted.allow("2001:db8:0:1::1")


def test_what_is_no_address_is_counted_too_and_the_oldest_forgotten(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clock
    monkeypatch.setattr(attempts, "_MAX_ADDRESSES", 2)
    counted = AttemptLimit()
    for _ in range(MAX_ATTEMPTS):
        assert counted.allow("testclient")
    assert not counted.allow("testclient")
    assert counted.allow("192.0.2.1")
    assert counted.allow("192.0.2.2")
    assert counted.allow("testclient"), "forgotten"
