"""One Guacamole instruction as a value, and its wire form."""

from typing import NamedTuple


class Instruction(NamedTuple):
    """An opcode with its arguments, all text.

    `start` and `end` are byte offsets in the stream the instruction was read from (end exclusive), so that anything
    derived from it can name its origin. Both are 0 for an instruction that was constructed rather than read.
    """

    opcode: str
    args: tuple[str, ...]
    start: int = 0
    end: int = 0


def encode(opcode: str, *args: str | int) -> bytes:
    """Return the wire form: `LENGTH.VALUE` joined by commas, closed by a semicolon, UTF-8.

    Lengths count Unicode code points (manual, "Protocol design"), as `len` of a `str` does.
    """
    values = (opcode, *(str(arg) for arg in args))
    return (",".join(f"{len(value)}.{value}" for value in values) + ";").encode()
