"""guacd's clock from outside: last sync plus what has passed, never backwards."""

from gateway.proxies.desktop.clock import GuacdClock


class Hands:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 50.0

    def __call__(self) -> float:
        return self.seconds


def test_there_is_no_time_before_the_first_sync() -> None:
    assert GuacdClock(Hands()).now_ms() is None


def test_time_passes_between_syncs() -> None:
    hands = Hands()
    clock = GuacdClock(hands)
    clock.set(7_000)
    hands.seconds += 0.25
    assert clock.now_ms() == 7_250
    assert clock.since_start_ms() == 250


def test_a_sync_that_comes_late_does_not_turn_time_back() -> None:
    hands = Hands()
    clock = GuacdClock(hands)
    clock.set(7_000)
    hands.seconds += 0.5
    assert clock.now_ms() == 7_500
    clock.set(7_400)
    assert clock.now_ms() == 7_500
    hands.seconds += 0.2
    assert clock.now_ms() == 7_600
