"""What guacd's words and breaches of the protocol mean, and how a browser is told why a session ended."""

import pytest

from gateway.core.desktop.guac import encode
from gateway.core.desktop.guac.instruction import Instruction
from gateway.core.desktop.guac.status import GuacStatus
from gateway.core.session import CloseReason
from gateway.proxies.desktop import endings, statuses
from gateway.sessions.endings import IDLE_LIMIT, OPERATOR_LEFT, Ending
from gateway.sessions.opening import RefusalCause
from gateway.targets.reach import Reach


def test_every_reason_and_every_refusal_has_a_status() -> None:
    assert set(statuses.BY_REASON) == set(CloseReason)
    assert set(statuses.BY_CAUSE) == set(RefusalCause)


@pytest.mark.parametrize("reason", CloseReason)
def test_a_close_code_tells_an_orderly_end_from_a_failure(reason: CloseReason) -> None:
    code = statuses.close_code(statuses.BY_REASON[reason])
    assert (code == 1000) == (reason in {CloseReason.OPERATOR_LEFT, CloseReason.TARGET_LEFT})


@pytest.mark.parametrize(
    ("ending", "status", "code"),
    [
        (OPERATOR_LEFT, GuacStatus.SUCCESS, 1000),
        (IDLE_LIMIT, GuacStatus.SESSION_TIMEOUT, 1011),
        (endings.BAD_INPUT, GuacStatus.CLIENT_BAD_REQUEST, 1002),
        (endings.FLOODED, GuacStatus.CLIENT_OVERRUN, 1008),
        (endings.BAD_OUTPUT, GuacStatus.UPSTREAM_ERROR, 1011),
    ],
)
def test_whoever_broke_the_protocol_is_told_apart(ending: Ending, status: GuacStatus, code: int) -> None:
    assert statuses.status_of(ending) is status
    assert statuses.close_code(status) == code


@pytest.mark.parametrize("status", GuacStatus)
def test_an_error_of_guacd_is_an_ending_that_does_not_repeat_its_message(status: GuacStatus) -> None:
    ending = endings.from_error(Instruction("error", ("<script>", str(int(status)))))
    assert b"script" not in statuses.error_instruction(ending)


@pytest.mark.parametrize("args", [(), ("?",), ("?", "x"), ("?", "77"), ("?", "-1")])
def test_an_error_without_a_known_status_is_the_targets(args: tuple[str, ...]) -> None:
    assert endings.from_error(Instruction("error", args)).reason is CloseReason.TARGET_ERROR


@pytest.mark.parametrize(
    ("protocol", "status", "found", "reason"),
    [
        ("vnc", GuacStatus.UPSTREAM_NOT_FOUND, Reach.REFUSED, CloseReason.TARGET_PORT_CLOSED),
        ("vnc", GuacStatus.UPSTREAM_NOT_FOUND, Reach.NAME_UNKNOWN, CloseReason.TARGET_UNKNOWN),
        ("vnc", GuacStatus.UPSTREAM_NOT_FOUND, Reach.SILENT, CloseReason.TARGET_UNREACHABLE),
        ("vnc", GuacStatus.UPSTREAM_NOT_FOUND, Reach.ANSWERS, CloseReason.TARGET_SIGN_IN_FAILED),
        ("rdp", GuacStatus.CLIENT_UNAUTHORIZED, Reach.SILENT, CloseReason.TARGET_UNREACHABLE),
        ("rdp", GuacStatus.CLIENT_UNAUTHORIZED, Reach.ANSWERS, CloseReason.TARGET_SIGN_IN_FAILED),
        ("rdp", GuacStatus.UPSTREAM_NOT_FOUND, Reach.ANSWERS, CloseReason.TARGET_ERROR),
    ],
)
def test_a_failure_is_reported_by_what_is_found_there(
    protocol: str, status: GuacStatus, found: Reach, reason: CloseReason
) -> None:
    ending = endings.from_error(Instruction("error", ("?", str(int(status)))))
    assert endings.is_failure_to_open(ending)
    assert endings.explained(ending, found, protocol).reason is reason


def test_no_word_of_guacd_is_repeated() -> None:
    ending = endings.from_required(Instruction("required", ("password", "<script>")))
    assert ending.text == "the target asks for a password and none is stored"
    assert b"script" not in statuses.error_instruction(ending)
    assert statuses.error_instruction(endings.from_required(Instruction("required", ()))) == encode(
        "error", "the target asks for a credential and none is stored", 0x0301
    )
