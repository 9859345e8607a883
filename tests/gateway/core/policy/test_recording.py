"""No room to record, no session."""

from gateway.core.policy.recording import Outcome, may_open


def test_a_session_needs_the_floor_free() -> None:
    assert may_open(free_bytes=100, floor_bytes=100).outcome is Outcome.ALLOW
    refused = may_open(free_bytes=99, floor_bytes=100)
    assert (refused.allows, refused.reason) == (False, "not enough free disk space to record a session")
