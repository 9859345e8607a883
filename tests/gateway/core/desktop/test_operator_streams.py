"""The form in which streams of the operator stand in a recording, written and read."""

import pytest
from hypothesis import given, strategies as st

from gateway.core.desktop import operator_streams
from gateway.core.desktop.guac import Instruction, encode
from gateway.core.desktop.guac.parser import NEED_DATA, GuacParser
from gateway.core.desktop.operator_streams import FIRST_STREAM, SentFacts, quoted, unquoted


def read(data: bytes) -> Instruction:
    parser = GuacParser()
    parser.feed(data)
    instruction = parser.next_instruction()
    assert instruction is not NEED_DATA
    assert not parser.pending_bytes
    return instruction


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_text_comes_back_and_has_one_length_in_every_player(text: str) -> None:
    written = quoted(text)
    assert unquoted(written) == text
    assert len(written) == len(written.encode("utf-16-le")) // 2


def test_only_what_must_be_is_written_otherwise() -> None:
    assert quoted("Kündigung (1) €.docx") == "Kündigung (1) €.docx"


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (operator_streams.clipboard(0, "text/plain", 17), "17"),
        (operator_streams.file(0, "a/b", "f", 18), "18"),
        (operator_streams.put("0", 0, "a/b", "f", 19), "19"),
        (operator_streams.end(0, 20, 5), "20"),
        (operator_streams.blob(0, "eA=="), ""),
        (encode("clipboard", FIRST_STREAM, "text/plain"), ""),
    ],
)
def test_the_time_is_found_where_there_is_one(data: bytes, at: str) -> None:
    instruction = read(data)
    assert operator_streams.time_of(instruction.opcode, instruction.args) == at


@pytest.mark.parametrize("number", ["1000000", "1000511"])
def test_numbers_of_the_operator(number: str) -> None:
    assert operator_streams.is_operators(number)


@pytest.mark.parametrize(
    "number", ["", "0", "511", "1023", "999999", "1000512", "1000000x", "+1000000", "9" * 40, "\u0661000000", "\u00b2"]
)
def test_numbers_of_guacd_and_what_is_none(number: str) -> None:
    assert not operator_streams.is_operators(number)


def test_facts_come_back() -> None:
    assert operator_streams.facts_of(read(operator_streams.end(1, 2, 3, "a" * 64)).args) == SentFacts(3, "a" * 64)
    assert operator_streams.facts_of(read(operator_streams.end(1, 2, 3)).args) == SentFacts(3, None)
    assert operator_streams.facts_of(read(encode("end", 1)).args) == SentFacts(None, None)
