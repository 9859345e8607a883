"""Parse instruction arguments: text from a hostile stream to bounded integers."""

from collections.abc import Sequence

from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.limits import MAX_COORDINATE

# Signs and digits of MAX_COORDINATE with room for leading zeros; keeps `int` from parsing megabytes.
_MAX_DIGITS = 16


def integer(text: str) -> int:
    """Parse an integer from -`MAX_COORDINATE` to `MAX_COORDINATE`. Raises UnusableInstructionError for anything else.

    guacd writes integers; a fraction is truncated, as the browser's `parseInt` does.
    """
    try:
        value = (
            int(text[: text.index(".")] if "." in text else text) if len(text) <= _MAX_DIGITS else MAX_COORDINATE + 1
        )
    except ValueError as error:
        raise UnusableInstructionError("not a number") from error
    if abs(value) > MAX_COORDINATE:
        raise UnusableInstructionError("a number out of range")
    return value


def integers(args: Sequence[str], count: int) -> list[int]:
    """Parse the first `count` arguments. Further ones are ignored, because newer protocol versions add some."""
    need(args, count)
    return [integer(text) for text in args[:count]]


def need(args: Sequence[str], count: int) -> None:
    """Check the arity: at least `count` arguments."""
    if len(args) < count:
        raise UnusableInstructionError("too few arguments")
