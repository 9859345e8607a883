"""How a relay ends, and that its session is told why."""

import asyncio
from dataclasses import replace

import pytest

from gateway.core.desktop.guac import encode
from gateway.core.desktop.guac.status import GuacStatus
from gateway.core.session import CloseReason
from gateway.proxies.desktop import endings as desktop_endings
from gateway.proxies.desktop.relay import INSTRUCTIONS_AT_ONCE, MAX_INSTRUCTIONS_PER_MESSAGE, RelayLimits
from gateway.proxies.desktop.statuses import error_instruction, status_of
from gateway.sessions import endings
from gateway.sessions.endings import Ending
from tests.gateway.proxies.desktop.dialogue import RELAXED, Dialogue, Play


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        (encode("disconnect"), endings.OPERATOR_LEFT),
        (endings.OPERATOR_LEFT, endings.OPERATOR_LEFT),
        (endings.PEER_LOST, endings.PEER_LOST),
        (encode("select", "vnc"), desktop_endings.BAD_INPUT),
        (b"not guacamole", desktop_endings.BAD_INPUT),
        (encode("blob", 1, "x" * 300_000), desktop_endings.BAD_INPUT),
        (encode("nop")[:-1], desktop_endings.BAD_INPUT),
        (encode("nop") * (MAX_INSTRUCTIONS_PER_MESSAGE + 1), desktop_endings.FLOODED),
        (b"3.nop;" * 43_000, desktop_endings.FLOODED),
        (encode("", "ping", 1) * (MAX_INSTRUCTIONS_PER_MESSAGE + 1), desktop_endings.FLOODED),
    ],
)
def test_how_the_browser_can_end_it(play: Play, said: bytes | Ending, ending: Ending) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(said)
        assert await dialogue.ending() is ending

    play(scene)


@pytest.mark.parametrize("per_message", [1, MAX_INSTRUCTIONS_PER_MESSAGE])
def test_more_instructions_than_any_input_needs_end_the_session(play: Play, per_message: int) -> None:
    async def scene(dialogue: Dialogue) -> None:
        for _ in range(INSTRUCTIONS_AT_ONCE * 20 // per_message):
            dialogue.browser.say(encode("nop") * per_message)
        assert await dialogue.ending() == desktop_endings.FLOODED
        assert dialogue.browser.unsaid, "it was read to the end"

    play(scene)


def test_a_clipboard_of_a_megabyte_is_no_flood(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(*[encode("nop")] * 500, encode("disconnect"))
        assert await dialogue.ending() == endings.OPERATOR_LEFT

    play(scene)


def test_messages_that_wait_leave_the_other_sessions_their_turn(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        turns = 0
        dialogue.browser.say(*[encode("nop")] * 300, encode("disconnect"))
        while not dialogue.running.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 300

    play(scene)


def test_guacd_hears_that_the_operator_disconnects(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(encode("disconnect"))
        await dialogue.guacd_reads(encode("disconnect"))

    play(scene)


@pytest.mark.parametrize(
    ("said", "reason", "status"),
    [
        (encode("sync", 1) + encode("disconnect"), CloseReason.TARGET_LEFT, GuacStatus.SUCCESS),
        (encode("disconnect"), CloseReason.TARGET_UNREACHABLE, GuacStatus.UPSTREAM_NOT_FOUND),
        (encode("error", "no route", 0x0207), CloseReason.TARGET_UNREACHABLE, GuacStatus.UPSTREAM_NOT_FOUND),
        (encode("error", "bad password", 0x0301), CloseReason.TARGET_SIGN_IN_FAILED, GuacStatus.CLIENT_UNAUTHORIZED),
        (encode("required", "password"), CloseReason.CREDENTIAL_MISSING, GuacStatus.CLIENT_UNAUTHORIZED),
        (encode("required", "username", "<b>"), CloseReason.CREDENTIAL_MISSING, GuacStatus.CLIENT_UNAUTHORIZED),
        (encode("required"), CloseReason.CREDENTIAL_MISSING, GuacStatus.CLIENT_UNAUTHORIZED),
        (encode("error", "logged off", 0x020B), CloseReason.TARGET_LEFT, GuacStatus.SUCCESS),
        (encode("error", "?", "lots"), CloseReason.TARGET_ERROR, GuacStatus.UPSTREAM_ERROR),
        (
            encode("error", "?", 0x0207) + encode("disconnect"),
            CloseReason.TARGET_UNREACHABLE,
            GuacStatus.UPSTREAM_NOT_FOUND,
        ),
        (b"", CloseReason.GUACD_LOST, GuacStatus.SERVER_ERROR),
        (b"HTTP/1.1 200 OK", CloseReason.PROTOCOL_ERROR, GuacStatus.UPSTREAM_ERROR),
        (b"3.img,2.\xff\xff;", CloseReason.PROTOCOL_ERROR, GuacStatus.UPSTREAM_ERROR),
    ],
)
def test_how_guacd_can_end_it(play: Play, said: bytes, reason: CloseReason, status: GuacStatus) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(said)
        dialogue.guacd.close()
        ending = await dialogue.ending()
        assert (ending.reason, status_of(ending)) == (reason, status)

    play(scene)


def test_what_guacd_says_before_it_leaves_is_shown(play: Play) -> None:
    said = encode("sync", 1) + encode("error", "no route", 0x0207)

    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(said)
        dialogue.guacd.close()
        assert (await dialogue.ending()).is_shown
        assert "".join(dialogue.browser.heard[1:]).encode() == said == dialogue.recorded()

    play(scene)


def test_a_browser_that_leaves_because_of_an_error_is_not_the_reason(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("error", "no route", 0x0207))
        await dialogue.browser.hears(encode("error", "no route", 0x0207))
        dialogue.browser.say(encode("disconnect"))
        assert (await dialogue.ending()).reason == CloseReason.TARGET_UNREACHABLE

    play(scene)


@pytest.mark.parametrize("said", [encode("required", "password"), encode("disconnect")])
def test_a_browser_that_leaves_because_nothing_was_opened_is_not_the_reason(play: Play, said: bytes) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.leaves_at = "error"
        dialogue.guacd.write(said)
        assert (await dialogue.ending()).reason != CloseReason.OPERATOR_LEFT

    play(scene)


def test_a_disconnect_is_the_operators_however_fast_guacd_answers_it(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(encode("disconnect"))
        dialogue.guacd.write(encode("disconnect"))
        dialogue.guacd.close()
        assert await dialogue.ending() is endings.OPERATOR_LEFT

    play(scene)


def test_a_disconnect_before_any_frame_is_shown_as_an_error_first(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("disconnect"))
        await dialogue.ending()
        shown = "".join(dialogue.browser.heard[1:]).encode()
        assert shown == error_instruction(desktop_endings.NOT_OPENED) + encode("disconnect") == dialogue.recorded()

    play(scene)


def test_it_can_be_ended_from_outside(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.ended.set_result(endings.GATEWAY_STOPPED)
        assert await dialogue.ending() is endings.GATEWAY_STOPPED

    play(scene)


def test_nothing_is_shown_once_it_cannot_be_recorded(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("sync", 1))
        await dialogue.browser.hears(encode("sync", 1))
        monkeypatch.setattr("gateway.storage.original.append.os.write", full_disk)
        dialogue.guacd.write(encode("sync", 2))
        assert await dialogue.ending() is endings.RECORDER_LOST
        monkeypatch.undo()
        assert "".join(dialogue.browser.heard[1:]).encode() == encode("sync", 1)

    play(scene)


def test_nothing_is_done_that_cannot_be_recorded(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("sync", 1))
        await dialogue.browser.hears(encode("sync", 1))
        monkeypatch.setattr("gateway.storage.original.append.os.write", full_disk)
        dialogue.browser.say(encode("key", 65, 1))
        assert await dialogue.ending() is endings.RECORDER_LOST
        monkeypatch.undo()
        await dialogue.close()
        assert await dialogue.guacd_hears.read() == b""

    play(scene)


def full_disk(_descriptor: int, _data: bytes) -> int:
    raise OSError(28, "No space left on device")


def test_without_input_it_ends_at_the_idle_limit_although_the_browser_is_there(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(encode("nop"), encode("sync", 1))
        assert await dialogue.ending() is endings.IDLE_LIMIT

    play(scene, RelayLimits(idle_seconds=0.2))


def test_a_browser_that_says_nothing_is_lost(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        async def keep_talking() -> None:
            while True:
                dialogue.guacd.write(encode("nop"))
                await asyncio.sleep(0.05)

        talking = asyncio.create_task(keep_talking())
        assert await dialogue.ending() is endings.PEER_LOST
        talking.cancel()

    play(scene, replace(RELAXED, quiet_seconds=0.3))


def test_a_guacd_that_says_nothing_is_lost(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        async def keep_talking() -> None:
            while True:
                dialogue.browser.say(encode("nop"))
                await asyncio.sleep(0.05)

        talking = asyncio.create_task(keep_talking())
        assert await dialogue.ending() is desktop_endings.GUACD_LOST
        talking.cancel()

    play(scene, replace(RELAXED, quiet_seconds=0.3))


def test_guacd_hears_from_us_while_the_operator_is_silent(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        await dialogue.guacd_reads(encode("nop") * 3)

    play(scene, replace(RELAXED, nop_seconds=0.02))
