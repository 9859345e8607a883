"""One Guacamole instruction as a value, and its wire form.

Callers: the parser makes them; the tunnel encodes what it adds to a recording or tells the browser.
"""

from typing import NamedTuple


class Instruction(NamedTuple):
    """An opcode with its arguments, all text.

    `start` and `end` are byte offsets in the stream the instruction was read from (end exclusive), so that whatever is
    derived from it can name its origin; both are 0 for an instruction that was made and not read.
    """

    opcode: str
    args: tuple[str, ...]
    start: int = 0
    end: int = 0


def encode(opcode: str, *args: str | int) -> bytes:
    """The wire form: `LENGTH.VALUE` joined by commas, closed by a semicolon, UTF-8.

    Lengths count Unicode code points (manual, "Protocol design"), which is what `len` of a `str` gives.
    """
    values = (opcode, *(str(arg) for arg in args))
    return (",".join(f"{len(value)}.{value}" for value in values) + ";").encode()
