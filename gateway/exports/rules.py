"""Redaction rules: what a redacted copy must not show. Validated on request, applied by `workers.export`."""

from dataclasses import dataclass
from typing import Any, Final

import re2

from gateway.core.errors import InvalidInputError
from gateway.core.recording.geometry import Box
from gateway.search.tokens import folded

# More than a screen of words; nobody writes a longer rule.
MAX_RULES: Final = 100
MAX_LENGTH: Final = 1000
# RE2 takes time linear in the text; this bounds its automaton's memory (RE2::Options::max_mem).
_MEMORY_BYTES: Final = 8 * 2**20


@dataclass(frozen=True)
class Region:
    """A region of the screen, in pixels of the video, from `start_ms` to `end_ms` (None: to the end)."""

    box: Box
    start_ms: int = 0
    end_ms: int | None = None

    def __post_init__(self) -> None:
        """Raise InvalidInputError for a region that covers nothing."""
        if self.box.width <= 0 or self.box.height <= 0:
            raise InvalidInputError("a region needs a width and a height", "regions")
        if self.start_ms < 0 or (self.end_ms is not None and self.end_ms <= self.start_ms):
            raise InvalidInputError("a region must begin at 0 ms or later, and end after it begins")


@dataclass(frozen=True)
class Rules:
    """What to redact. `min_confidence`: also lines read with less (0: none), because their text is uncertain."""

    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        """Raise InvalidInputError for invalid rules; the text says which."""
        if not (self.terms or self.patterns or self.regions or self.min_confidence):
            raise InvalidInputError("nothing to redact; give terms, patterns or regions", "terms")
        if not 0 <= self.min_confidence <= 1:
            raise InvalidInputError("the minimum confidence must be between 0 and 1")
        if len(self.terms) + len(self.patterns) + len(self.regions) > MAX_RULES:
            raise InvalidInputError(f"too many rules; at most {MAX_RULES} are allowed")
        for field, texts in (("terms", self.terms), ("patterns", self.patterns)):
            if any(not text.strip() or len(text) > MAX_LENGTH for text in texts):
                raise InvalidInputError(f"a term or pattern must have 1 to {MAX_LENGTH} characters", field)
        for term in self.terms:
            if not folded(term):
                text = f"the term {term!r} has no letter or digit; use a pattern or a region"
                raise InvalidInputError(text, "terms")
        for pattern in self.patterns:
            compiled(pattern)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "terms": list(self.terms),
            "patterns": list(self.patterns),
            "regions": [{"box": list(one.box), "start_ms": one.start_ms, "end_ms": one.end_ms} for one in self.regions],
            "min_confidence": self.min_confidence,
        }

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> "Rules":
        """Parse the result of `as_dict`."""
        regions = (Region(Box(*one["box"]), one["start_ms"], one["end_ms"]) for one in values["regions"])
        return cls(tuple(values["terms"]), tuple(values["patterns"]), tuple(regions), values["min_confidence"])


def compiled(pattern: str) -> Any:
    """Compile the pattern with RE2. Raises InvalidInputError."""
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY_BYTES, False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        text = f"the pattern {pattern[:100]!r} is not valid RE2: {_said(error)}"
        raise InvalidInputError(text, "patterns") from error


def _said(error: Exception) -> str:
    return error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error.args[0])
