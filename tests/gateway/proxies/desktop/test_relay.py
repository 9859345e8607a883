"""The relay as a dialogue: what guacd and the browser say, what each hears, what is recorded."""

import asyncio

from gateway.core.desktop.guac import encode
from tests.gateway.proxies.desktop.dialogue import Dialogue, Play
from tests.gateway.proxies.desktop.waiting import eventually


def test_the_tunnel_is_named_first_and_what_was_over_read_comes_next(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("sync", 6))
        await dialogue.browser.hears(encode("sync", 6))
        assert dialogue.browser.heard[0] == "0.,8.tunnel-1;"
        assert "".join(dialogue.browser.heard[1:]).encode() == encode("sync", 5) + encode("sync", 6)

    play(scene, over_read=encode("sync", 5))


def test_messages_hold_whole_instructions_whatever_guacd_writes(play: Play) -> None:
    said = encode("img", "ä🙂") + encode("blob", 1, "x" * 100) + encode("sync", 9)

    async def scene(dialogue: Dialogue) -> None:
        for start in range(0, len(said), 7):
            dialogue.guacd.write(said[start : start + 7])
            await asyncio.sleep(0)
        await dialogue.browser.hears(encode("sync", 9))
        assert all(message.endswith(";") for message in dialogue.browser.heard)
        assert "".join(dialogue.browser.heard[1:]).encode() == said == dialogue.recorded()

    play(scene)


def test_what_the_operator_does_is_recorded_before_guacd_hears_it(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("sync", 1000))
        await dialogue.browser.hears(encode("sync", 1000))
        dialogue.browser.say(encode("mouse", 1, 2, 0), encode("key", 65, 1))
        await dialogue.guacd_reads(encode("mouse", 1, 2, 0) + encode("key", 65, 1))
        acts = dialogue.recorded().removeprefix(encode("sync", 1000))
        assert acts.startswith(b"5.mouse,1.1,1.2,1.0,4.")
        assert b";3.key,2.65,1.1,4." in acts

    play(scene)


def test_pings_are_returned_and_neither_recorded_nor_passed_on(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(encode("", "ping", 17), encode("nop"))
        await dialogue.browser.hears(encode("", "ping", 17))
        await dialogue.guacd_reads(encode("nop"))
        assert dialogue.recorded() == b""

    play(scene)


def test_what_comes_at_once_is_shown_in_messages_that_a_browser_draws_soon(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        said = encode("blob", 1, "x" * 6000) * 60 + encode("sync", 1)
        dialogue.guacd.write(said)
        await dialogue.browser.hears(encode("sync", 1))
        shown = dialogue.browser.heard[1:]
        assert "".join(shown).encode() == said == dialogue.recorded()
        assert all(message.endswith(";") for message in shown)
        assert max(map(len, shown)) < 80_000

    play(scene)


def test_a_slow_browser_holds_guacd_back_and_nothing_piles_up(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.may_take.clear()
        frame, offered = encode("blob", 1, "x" * 8000), 0

        async def offer() -> None:
            nonlocal offered
            while True:
                dialogue.guacd.write(frame)
                await dialogue.guacd.drain()
                offered += len(frame)

        offering = asyncio.create_task(offer())
        before = -1
        while before != offered:  # until guacd cannot get rid of any more
            before = offered
            await asyncio.sleep(0.1)
        assert offered > 65_536, "guacd was never relayed"
        # What is in both sockets' and streams' buffers; without back-pressure it would be hundreds of megabytes.
        assert offered < 2 * 2**20
        assert len(dialogue.recorded()) <= 2 * 65_536
        dialogue.browser.may_take.set()
        await eventually(lambda: offered >= before + 2**20, "guacd can write on")
        offering.cancel()

    play(scene)


def test_a_slow_guacd_holds_the_browser_back(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        blob = encode("blob", 1, "x" * 8000)
        dialogue.browser.say(encode("file", 1, "text/plain", "large.txt"), *[blob] * 2000)
        before = -1
        while before != (left := dialogue.browser.unsaid):
            before = left
            await asyncio.sleep(0.1)
        assert left > 1000, "16 MB were taken from the browser while guacd took nothing"
        assert not dialogue.running.done()

    play(scene)
