"""The exact request for an export: validated here and stored as the task's parameters."""

from dataclasses import dataclass
from typing import Any, Self

from gateway.core.errors import InvalidInputError
from gateway.core.export import ExportKind
from gateway.exports.rules import Rules
from gateway.search.query import QueryError, parse


@dataclass(frozen=True)
class ExportRequest:
    """One export. Times are ms of the recording; `end_ms` None: to the end.

    `query`: the search for a bundle's keyframes of hits. `rules`: what a redacted copy must not show; `name_rules`:
    whether its manifest may contain their texts.
    """

    kind: ExportKind
    start_ms: int = 0
    end_ms: int | None = None
    query: str = ""
    rules: Rules | None = None
    name_rules: bool = False

    def __post_init__(self) -> None:
        """Raise InvalidInputError for an invalid combination of options."""
        has_bounds = self.start_ms != 0 or self.end_ms is not None
        if self.kind is ExportKind.CLIP and self.end_ms is None:
            raise InvalidInputError("a clip needs a beginning and an end", "end_ms")
        if self.kind is ExportKind.BUNDLE and has_bounds:
            raise InvalidInputError("a bundle contains the whole recording; make a clip to export a part of it")
        if self.start_ms < 0 or (self.end_ms is not None and self.end_ms <= self.start_ms):
            bounds = f"{self.start_ms} to {self.end_ms} ms"
            raise InvalidInputError(
                f"invalid bounds {bounds}; begin at 0 ms or later, and end after the beginning", "end_ms"
            )
        if (self.kind is ExportKind.REDACTED) is (self.rules is None):
            raise InvalidInputError("redaction rules apply only to redacted copies")
        if self.query.strip():
            if self.kind is not ExportKind.BUNDLE:
                raise InvalidInputError("only a bundle can have keyframes of hits")
            _check_query(self.query)

    def check_within(self, duration_ms: int | None) -> None:
        """Raise InvalidInputError if it begins after the recording's end."""
        if duration_ms is not None and self.start_ms >= max(duration_ms, 1):
            raise InvalidInputError(f"the recording ends at {duration_ms} ms", "start_ms")

    def as_parameters(self) -> dict[str, Any]:
        """Return JSON values, for a task."""
        return {
            "export_kind": self.kind.value,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "query": self.query,
            "rules": self.rules.as_dict() if self.rules else None,
            "name_rules": self.name_rules,
        }

    @classmethod
    def of_parameters(cls, values: dict[str, Any]) -> Self:
        """Parse the result of `as_parameters`."""
        rules = Rules.of_dict(values["rules"]) if values["rules"] else None
        others = {name: values[name] for name in ("start_ms", "end_ms", "query", "name_rules")}
        return cls(kind=ExportKind(values["export_kind"]), rules=rules, **others)


def _check_query(query: str) -> None:
    try:
        parse(query)
    except QueryError as error:
        raise InvalidInputError(str(error), "query") from error
