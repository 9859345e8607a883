"""What a redacted copy must not show, as a person says it. Checked when it is asked for, followed by `workers.export`."""

from dataclasses import dataclass
from typing import Any, Final

import re2

from gateway.core.errors import InvalidInputError
from gateway.core.recording.geometry import Box
from gateway.search.tokens import folded

# More than a screen of words; what is longer is no rule a person wrote.
MAX_RULES: Final = 100
MAX_LENGTH: Final = 1000
# RE2 runs in time linear to the text; its automaton's memory is bounded by this (RE2::Options::max_mem).
_MEMORY_BYTES: Final = 8 * 2**20


@dataclass(frozen=True)
class Region:
    """A place on the screen, in pixels of the video, from `start_ms` to `end_ms` (None: to the end)."""

    box: Box
    start_ms: int = 0
    end_ms: int | None = None

    def __post_init__(self) -> None:
        """Raises InvalidInputError for a region that covers nothing."""
        if self.box.width <= 0 or self.box.height <= 0:
            raise InvalidInputError("a region has a width and a height")
        if self.start_ms < 0 or (self.end_ms is not None and self.end_ms <= self.start_ms):
            raise InvalidInputError("a region begins at 0 ms or later, and ends after it begins")


@dataclass(frozen=True)
class Rules:
    """What is to be covered. `min_confidence`: also lines that were read with less (0: none), as nobody knows what they say."""

    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        """Raises InvalidInputError for rules that cannot be followed; the text says which."""
        if not (self.terms or self.patterns or self.regions or self.min_confidence):
            raise InvalidInputError("say what is to be covered: terms, patterns or regions")
        if not 0 <= self.min_confidence <= 1:
            raise InvalidInputError("the least confidence lies between 0 and 1")
        if len(self.terms) + len(self.patterns) + len(self.regions) > MAX_RULES:
            raise InvalidInputError(f"too many rules; {MAX_RULES} are allowed")
        for text in (*self.terms, *self.patterns):
            if not text.strip() or len(text) > MAX_LENGTH:
                raise InvalidInputError(f"a term or pattern has 1 to {MAX_LENGTH} characters")
        for term in self.terms:
            if not folded(term):
                raise InvalidInputError(f"the term {term!r} has no letter or digit; use a pattern or a region")
        for pattern in self.patterns:
            compiled(pattern)

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "terms": list(self.terms),
            "patterns": list(self.patterns),
            "regions": [{"box": list(one.box), "start_ms": one.start_ms, "end_ms": one.end_ms} for one in self.regions],
            "min_confidence": self.min_confidence,
        }

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> "Rules":
        """What `as_dict` gave."""
        regions = (Region(Box(*one["box"]), one["start_ms"], one["end_ms"]) for one in values["regions"])
        return cls(tuple(values["terms"]), tuple(values["patterns"]), tuple(regions), values["min_confidence"])


def compiled(pattern: str) -> Any:
    """The pattern as RE2 has it. Raises InvalidInputError."""
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY_BYTES, False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise InvalidInputError(f"the pattern {pattern[:100]!r} is not one RE2 understands: {_said(error)}") from error


def _said(error: Exception) -> str:
    return error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error.args[0])
