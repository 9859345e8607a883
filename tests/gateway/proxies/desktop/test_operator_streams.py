"""What the operator pastes and uploads: what is recorded of it, what reaches guacd, and what a browser may not do."""

import base64
import hashlib

import pytest

from gateway.core.desktop.guac import NEED_DATA, GuacParser, Instruction, encode
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.operator_streams import FIRST_STREAM, MAX_BYTES
from gateway.proxies.desktop import operator_streams
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.operator_streams import MAX_OPEN, OperatorStreams


class Wire:
    """What was said by a browser, gathered as guacd and the recording get it."""

    def __init__(self, *, records_content: bool = True, may_paste: bool = True, sync_ms: int | None = 1234) -> None:
        clock = GuacdClock(lambda: 0.0)
        if sync_ms is not None:
            clock.set(sync_ms)
        self._streams = OperatorStreams(clock, records_content=records_content, may_paste=may_paste)
        self.recorded = self.passed = b""

    def say(self, opcode: str, *args: str | int) -> None:
        accepted = self._streams.take(Instruction(opcode, tuple(map(str, args))))
        if accepted is not None:
            self.recorded += accepted.record
            self.passed += accepted.forward


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def instructions(data: bytes) -> list[Instruction]:
    parser = GuacParser()
    parser.feed(data)
    found: list[Instruction] = []
    while (instruction := parser.next_instruction()) is not NEED_DATA:
        found.append(instruction)
    assert not parser.pending_bytes
    return found


def content(data: bytes, stream: int) -> bytes:
    blobs = [item.args[1] for item in instructions(data) if item.opcode == "blob" and item.args[0] == str(stream)]
    return b"".join(map(base64.b64decode, blobs))


def test_a_clipboard_is_recorded_as_it_is_passed_on_under_a_number_of_its_own() -> None:
    wire = Wire()
    wire.say("clipboard", 3, "text/plain")
    wire.say("blob", 3, base64_of(b"rm -rf"))
    wire.say("end", 3)
    assert wire.passed == (
        encode("clipboard", 3, "text/plain") + encode("blob", 3, base64_of(b"rm -rf")) + encode("end", 3)
    )
    assert wire.recorded == (
        encode("clipboard", 1_000_003, "text/plain", 1234)
        + encode("blob", 1_000_003, base64_of(b"rm -rf"))
        + encode("end", 1_000_003, 1234, 6)
    )


@pytest.mark.parametrize(
    ("opening", "recorded"),
    [
        (("file", 0, "text/csv", "kunden ü.csv"), ("file", FIRST_STREAM, "text/csv", "kunden ü.csv", 1234)),
        (("put", 2, 0, "text/csv", "/srv/a.csv"), ("put", 2, FIRST_STREAM, "text/csv", "/srv/a.csv", 1234)),
    ],
)
def test_of_a_file_name_type_size_and_digest_are_recorded_and_not_its_content(
    opening: tuple[str, ...], recorded: tuple[str, ...]
) -> None:
    wire, data = Wire(), b"payroll" * 1000
    wire.say(*opening)
    for at in range(0, len(data), 6000):
        wire.say("blob", 0, base64_of(data[at : at + 6000]))
    wire.say("end", 0)
    assert content(wire.passed, 0) == data
    digest = hashlib.sha256(data).hexdigest()
    assert wire.recorded == encode(*recorded) + encode("end", FIRST_STREAM, 1234, 7000, digest)


def test_names_are_written_so_that_every_player_can_count_them() -> None:
    wire = Wire()
    wire.say("file", 0, "text/csv", "100% 🙂.csv")
    assert wire.recorded == encode("file", FIRST_STREAM, "text/csv", "100%25 %F0%9F%99%82.csv", 1234)
    assert wire.passed == encode("file", 0, "text/csv", "100% 🙂.csv")


def test_a_clipboard_without_end_is_recorded_and_passed_on_up_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator_streams, "MAX_CLIPBOARD_BYTES", 10_000)
    wire = Wire()
    wire.say("clipboard", 3, "text/plain")
    for _ in range(50):
        wire.say("blob", 3, base64_of(b"x" * 6000))
    assert len(content(wire.recorded, FIRST_STREAM + 3)) == 10_000
    assert content(wire.passed, 3) == content(wire.recorded, FIRST_STREAM + 3)
    assert len(wire.recorded) < 15_000
    wire.say("end", 3)
    assert wire.recorded.endswith(encode("end", FIRST_STREAM + 3, 1234, 300_000))


def test_where_input_is_not_recorded_only_that_there_was_a_clipboard_is() -> None:
    wire = Wire(records_content=False)
    wire.say("clipboard", 3, "text/plain")
    wire.say("blob", 3, base64_of(b"secret"))
    wire.say("end", 3)
    assert content(wire.passed, 3) == b"secret"
    assert wire.recorded == encode("clipboard", FIRST_STREAM + 3, "text/plain", 1234) + encode(
        "end", FIRST_STREAM + 3, 1234, 6
    )


def test_a_clipboard_that_is_not_allowed_reaches_neither_guacd_nor_the_recording() -> None:
    wire = Wire(may_paste=False)
    wire.say("clipboard", 3, "text/plain")
    wire.say("blob", 3, base64_of(b"secret"))
    wire.say("end", 3)
    assert wire.recorded == wire.passed == b""
    wire.say("file", 3, "text/plain", "allowed.txt")
    assert wire.passed


def test_a_refused_clipboard_takes_its_number_from_what_was_open() -> None:
    wire = Wire(may_paste=False)
    wire.say("file", 3, "text/plain", "a.txt")
    wire.say("clipboard", 3, "text/plain")
    before = wire.passed
    wire.say("blob", 3, base64_of(b"secret"))
    assert wire.passed == before


def test_interleaved_streams_and_a_number_used_again_stay_apart() -> None:
    wire = Wire()
    wire.say("clipboard", 1, "text/plain")
    wire.say("file", 2, "a/b", "one")
    wire.say("blob", 2, base64_of(b"file"))
    wire.say("blob", 1, base64_of(b"first"))
    wire.say("file", 1, "a/b", "two")  # in the middle of the clipboard
    wire.say("blob", 1, base64_of(b"content"))
    wire.say("end", 1)
    wire.say("end", 2)
    assert content(wire.recorded, FIRST_STREAM + 1) == b"first"
    ends = [item.args[2:] for item in instructions(wire.recorded) if item.opcode == "end"]
    assert ends == [("7", hashlib.sha256(b"content").hexdigest()), ("4", hashlib.sha256(b"file").hexdigest())]


def test_what_belongs_to_no_open_stream_is_dropped() -> None:
    wire = Wire()
    wire.say("end", 3)
    wire.say("blob", 3, base64_of(b"x"))
    wire.say("clipboard", 3, "text/plain")
    wire.say("end", 3)
    before = wire.passed
    wire.say("end", 3)
    wire.say("blob", 3, base64_of(b"x"))
    assert wire.passed == before


def test_more_streams_than_a_person_opens_are_not_passed_on() -> None:
    wire = Wire()
    for number in range(500):
        wire.say("clipboard", number, "text/plain")
    assert len(instructions(wire.passed)) == len(instructions(wire.recorded)) == MAX_OPEN
    before = wire.passed
    wire.say("blob", MAX_OPEN, base64_of(b"x"))
    assert wire.passed == before
    wire.say("end", 0)
    wire.say("clipboard", MAX_OPEN, "text/plain")
    assert wire.passed.endswith(encode("clipboard", MAX_OPEN, "text/plain"))


def test_before_the_first_frame_there_is_no_time_but_a_recording() -> None:
    wire = Wire(sync_ms=None)
    wire.say("clipboard", 3, "text/plain")
    assert wire.recorded == encode("clipboard", FIRST_STREAM + 3, "text/plain", 0)


@pytest.mark.parametrize(
    "number", ["", " 3", "+3", "03", "3x", "-1", "3.0", "512", "1000003", "9" * 30, "\u00b3", "\u0663"]
)
@pytest.mark.parametrize("opcode", ["clipboard", "file", "put", "blob", "end"])
def test_a_number_guacd_might_read_otherwise_is_refused(opcode: str, number: str) -> None:
    args = {
        "clipboard": (number, "text/plain"),
        "file": (number, "a/b", "name"),
        "put": ("0", number, "a/b", "name"),
        "blob": (number, "eA=="),
        "end": (number,),
    }[opcode]
    with pytest.raises(GuacProtocolError, match=f"malformed {opcode}"):
        Wire().say(opcode, *args)


@pytest.mark.parametrize(
    "said",
    [
        ("clipboard", 3),
        ("file", 3, "a/b"),
        ("put", 0, 3, "a/b"),
        ("put", "0x", 3, "a/b", "name"),
        ("blob", 3),
        ("end",),
        ("blob", 3, "not base64"),
        ("blob", 3, "eHh"),  # cut off
        ("blob", 3, "eA==eA=="),
        ("blob", 3, "eH-_"),
        ("blob", 3, "eH\nh4"),
    ],
)
def test_what_guacd_would_read_otherwise_or_cannot_read_is_refused(said: tuple[str, ...]) -> None:
    wire = Wire()
    wire.say("clipboard", 3, "text/plain")
    with pytest.raises(GuacProtocolError, match="malformed"):
        wire.say(*said)


@pytest.mark.parametrize(
    "said",
    [
        ("blob", 3, base64_of(b"x" * 6200)),
        ("file", 4, "a/b", "n" * 9000),
        ("file", 4, "a/b", "🙂" * 700),
        ("clipboard", 4, "t" * 9000),
    ],
)
def test_what_is_longer_than_players_read_is_refused(said: tuple[str, ...]) -> None:
    wire = Wire()
    wire.say("clipboard", 3, "text/plain")
    with pytest.raises(GuacProtocolError, match="longer than guacd takes"):
        wire.say(*said)


def test_the_longest_blob_of_a_browser_passes() -> None:
    """guacamole-common-js cuts at 6048 bytes (ArrayBufferWriter.DEFAULT_BLOB_LENGTH)."""
    wire = Wire()
    wire.say("clipboard", 511, "text/plain")
    wire.say("blob", 511, base64_of(b"x" * 6048))
    assert max(item.end - item.start for item in instructions(wire.recorded)) <= MAX_BYTES


def test_guacd_gets_the_very_bytes_that_were_recorded() -> None:
    """`QR==` and `QQ==` are the same byte; guacd, which goes on behind odd bits, is given the usual form."""
    wire = Wire()
    wire.say("clipboard", 3, "text/plain")
    wire.say("blob", 3, "QR==")
    assert wire.passed.endswith(encode("blob", 3, "QQ=="))
    assert wire.recorded.endswith(encode("blob", FIRST_STREAM + 3, "QQ=="))
