"""What exactly is to be exported: checked here, whoever asks, and kept as the task's parameters.

Callers: `gateway.api.exports` and `reelgate export` make one, `workers.export` follows it.
"""

from dataclasses import dataclass
from typing import Any, Self

from gateway.core.errors import InvalidInputError
from gateway.core.export import ExportKind
from gateway.exports.rules import Rules
from gateway.search.query import parse


@dataclass(frozen=True)
class Wanted:
    """One export. Times are ms of the recording; `end_ms` None: to the end.

    `query`: of a bundle, what its keyframes of hits are searched by. `rules`: of a redacted copy, what it must not show;
    `name_rules`: whether its manifest may say what their texts are.
    """

    kind: ExportKind
    start_ms: int = 0
    end_ms: int | None = None
    query: str = ""
    rules: Rules | None = None
    name_rules: bool = False

    def __post_init__(self) -> None:
        """Raises InvalidInputError for what does not go together; the text says what would."""
        has_bounds = self.start_ms != 0 or self.end_ms is not None
        if self.kind is ExportKind.CLIP and self.end_ms is None:
            raise InvalidInputError("say where the clip begins and ends")
        if self.kind is ExportKind.BUNDLE and has_bounds:
            raise InvalidInputError("a bundle is of the whole recording; ask for a clip to have a part of it")
        if self.start_ms < 0 or (self.end_ms is not None and self.end_ms <= self.start_ms):
            raise InvalidInputError("it begins at 0 ms or later, and ends after it begins")
        if (self.kind is ExportKind.REDACTED) is (self.rules is None):
            raise InvalidInputError("what is to be covered is said of a redacted copy, and of nothing else")
        if self.query.strip():
            if self.kind is not ExportKind.BUNDLE:
                raise InvalidInputError("only a bundle has keyframes of hits")
            parse(self.query)

    def check_within(self, duration_ms: int | None) -> None:
        """Raises InvalidInputError when it begins behind the recording's end."""
        if duration_ms is not None and self.start_ms >= max(duration_ms, 1):
            raise InvalidInputError(f"the recording ends at {duration_ms} ms")

    def as_parameters(self) -> dict[str, Any]:
        """As JSON values, for a task."""
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
        """What `as_parameters` gave."""
        rules = Rules.of_dict(values["rules"]) if values["rules"] else None
        others = {name: values[name] for name in ("start_ms", "end_ms", "query", "name_rules")}
        return cls(kind=ExportKind(values["export_kind"]), rules=rules, **others)
