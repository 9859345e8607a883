"""Lock, unlock and message between a scripted browser and a scripted guacd: recorded, shown, and nothing slips through."""

from gateway.core.desktop.guac import encode
from gateway.core.desktop.notices import Notice, NoticeKind
from gateway.core.session import Verb
from gateway.db.models import SessionCommand
from gateway.proxies.desktop.controls import DesktopControls
from tests.gateway.proxies.desktop.dialogue import Dialogue, Play
from tests.gateway.proxies.desktop.site import instructions

SYNC = encode("sync", 1000)


def command(verb: Verb, text: str = "look here") -> SessionCommand:
    return SessionCommand(session_id="s", gateway_id="g", verb=verb, text=text, author_name="Cora")


def notices(stream: bytes) -> list[Notice]:
    return [found for item in instructions(stream) if (found := Notice.of(item)) is not None]


def controls(dialogue: Dialogue, acknowledged: list[str]) -> DesktopControls:
    return DesktopControls(dialogue.relay, dialogue.clock, acknowledged.append)


async def begun(dialogue: Dialogue) -> None:
    dialogue.guacd.write(SYNC)
    await dialogue.browser.hears(SYNC)


def test_locking_releases_keys_and_drops_what_is_typed_until_it_is_unlocked(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        obey = controls(dialogue, [])
        await begun(dialogue)
        dialogue.browser.say(encode("key", 65507, 1))
        await dialogue.guacd_reads(encode("key", 65507, 1))
        lock = command(Verb.LOCK)
        await obey.lock(lock)
        await dialogue.guacd_reads(encode("key", 65507, 0))
        dialogue.browser.say(encode("key", 99, 1), encode("key", 99, 0), encode("mouse", 1, 2, 1), encode("sync", 1000))
        await dialogue.guacd_reads(encode("sync", 1000))
        await obey.unlock(command(Verb.UNLOCK))
        dialogue.browser.say(encode("key", 100, 1))
        await dialogue.guacd_reads(encode("key", 100, 1))
        recorded = dialogue.recorded()
        assert [(one.kind, one.author, one.text) for one in notices(recorded)] == [
            (NoticeKind.LOCK, "Cora", "look here"),
            (NoticeKind.UNLOCK, "Cora", "look here"),
        ]
        assert [item.args[:2] for item in instructions(recorded) if item.opcode == "key"] == [
            ("65507", "1"),
            ("65507", "0"),
            ("100", "1"),
        ]
        assert notices(recorded)[0].notice_id == lock.id
        assert notices("".join(dialogue.browser.heard[1:]).encode()) == notices(recorded)

    play(scene)


def test_a_message_is_recorded_shown_and_acknowledged_once(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        acknowledged: list[str] = []
        obey = controls(dialogue, acknowledged)
        await begun(dialogue)
        said = command(Verb.MESSAGE, "100 % of it \N{EYES}")
        dialogue.browser.say(encode("", "acknowledged", said.id))  # before it was shown
        await obey.message(said)
        for identifier in (said.id, "another", "x" * 5000, said.id):
            dialogue.browser.say(encode("", "acknowledged", identifier))
        dialogue.browser.say(encode("", "ping", "1"))
        await dialogue.browser.hears(encode("", "ping", "1"))
        assert acknowledged == [said.id]
        [shown] = notices(dialogue.recorded())
        assert (shown.kind, shown.text) == (NoticeKind.MESSAGE, "100 %25 of it %F0%9F%91%80".replace(" %25", " %25"))
        assert shown.at_ms >= 1000

    play(scene)


def test_an_idle_limit_waits_while_the_input_is_locked(play: Play) -> None:
    from gateway.proxies.desktop.relay import RelayLimits

    async def scene(dialogue: Dialogue) -> None:
        obey = controls(dialogue, [])
        await begun(dialogue)
        await obey.lock(command(Verb.LOCK))
        for _ in range(4):
            await dialogue.guacd_reads(encode("nop"))  # half a second each
        assert not dialogue.running.done()
        await obey.unlock(command(Verb.UNLOCK))
        assert (await dialogue.ending()).reason == "idle_limit"

    play(scene, RelayLimits(idle_seconds=1.0, nop_seconds=0.5))
