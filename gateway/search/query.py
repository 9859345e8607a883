"""The query language: what a person types, as a tree. Pure.

Any text gives a `Query` or a `QueryError` whose text says what to write instead.

    word  "a phrase"  prefix*  this OR that  -without  screen: keys:  operator: target:
    before:2026-10-02  after:2026-10-01T08:30  sudo NEAR/10s keys:passwd

All words must match within one span. OR joins its two neighbours and binds tighter than the blank. A word with
punctuation in it is the phrase of its tokens. NEAR requires both sides within that time in one recording; the hits are
the spans of the left side. The sources are those of all kinds of recordings (`gateway.core.recording.kinds`).
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from gateway.core.errors import InvalidInputError
from gateway.core.recording.kinds import KINDS
from gateway.search import remarks
from gateway.search.tokens import BREAK, clean, folded, misread, tokens

# More than anyone types by hand; bounds the size of the database's query.
MAX_LENGTH: Final = 1000
MAX_TERMS: Final = 40
# Without a minimum length, `a*` would match most of the index.
MIN_PREFIX: Final = 2
# The index of the folded form has parts of three characters in both databases.
MIN_FOLDED: Final = 3
# With fewer letters among digits or signs (10.0.0.1, /etc/, 4096) many words look like this one, and its folded form
# occurs in unrelated lines. A long run (a serial or account number) is distinctive enough.
MIN_LETTERS: Final = 4
_LONG_RUN: Final = 8
# Each is a separate phrase in the database's query.
_MAX_VARIANTS: Final = 24
MAX_NEAR_SECONDS: Final = 24 * 3600

# A facet's token begins with a character that no token of a text can contain.
FACET_MARKS: Final = {"source": "§s", "operator": "§o", "target": "§t"}

# Where text can come from, each the name of a field.
SOURCES: Final = tuple(dict.fromkeys(source for kind in KINDS.values() for source in kind.sources))
_FIELDS: Final = (*SOURCES, "operator", "target", "before", "after")
_ITEM: Final = re.compile(
    rf"""(?P<minus>-(?=[^\s-]))?
        (?:(?P<field>{"|".join(_FIELDS)}):(?!//))?
        (?:["“”„«»](?P<phrase>[^"“”„«»]*)(?P<closed>["“”„«»]|$)(?P<star>\*?)|(?P<word>\S*))""",
    re.VERBOSE | re.IGNORECASE,
)
_QUOTES: Final = '"“”„«»'
_NEAR: Final = re.compile(r"NEAR/(?P<count>\d{1,6})(?P<unit>s|m|h)?$")
_UNIT_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$")


class QueryError(InvalidInputError):
    """The query is invalid; the text says what to write instead."""


@dataclass(frozen=True)
class Facet:
    """A condition on a whole span besides its text: its source, a word of its operator's or target's name."""

    token: str
    prefix: bool = False


@dataclass(frozen=True)
class Term:
    """One search term: consecutive tokens (the last possibly a prefix), in spans with all of the facets.

    The tolerant pass searches for `folded`, or, if that would match too much, for one of the `variants` of the tokens;
    both are empty if they would be meaningless.
    """

    tokens: tuple[str, ...] = ()
    prefix: bool = False
    facets: tuple[Facet, ...] = ()
    folded: str = ""
    variants: tuple[tuple[str, ...], ...] = ()

    @property
    def is_tolerable(self) -> bool:
        """Whether the tolerant pass searches for more than the exact one."""
        return bool(self.folded or self.variants)

    def readings(self) -> "tuple[Term, ...]":
        """Return its variants, each as a term that has to match exactly."""
        return tuple(replace(self, tokens=tokens, variants=()) for tokens in self.variants)


@dataclass(frozen=True)
class Group:
    """What one span must match: of each clause at least one term, and none of the exclusions."""

    clauses: tuple[tuple[Term, ...], ...] = ()
    exclusions: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Near:
    """A span for `group` must be visible within `within_ms` of the hit, in the same recording."""

    group: Group
    within_ms: int


@dataclass(frozen=True)
class Query:
    """A whole query. `after_at` is inclusive, `before_at` exclusive; `notes` are remarks for the user."""

    group: Group
    near: tuple[Near, ...] = ()
    after_at: datetime | None = None
    before_at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass
class _Reader:
    """State of the parser."""

    clauses: list[tuple[Term, ...]] = field(default_factory=list)
    exclusions: list[Term] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    distances_ms: list[int] = field(default_factory=list)
    after_at: datetime | None = None
    before_at: datetime | None = None
    notes: list[str] = field(default_factory=list)
    term_count: int = 0
    or_is_open: bool = False

    def end_group(self) -> None:
        self.end_alternatives()
        if not self.clauses:
            raise QueryError(
                "nothing to search for: a query needs at least one word"
                if self.groups or self.distances_ms or not self.exclusions
                else "say what to find, not only what to leave out"
            )
        self.groups.append(Group(tuple(self.clauses), tuple(self.exclusions)))
        self.clauses, self.exclusions = [], []

    def end_alternatives(self) -> None:
        if self.or_is_open:
            raise QueryError('OR needs a word on both sides; to search for the word itself write "OR"')

    def add(self, term: Term, *, excluded: bool) -> None:
        self.term_count += 1
        if self.term_count > MAX_TERMS:
            raise QueryError(f"the query has too many words; at most {MAX_TERMS} are allowed")
        if excluded:
            self.end_alternatives()
            self.exclusions.append(term)
        elif self.or_is_open:
            self.clauses[-1] = (*self.clauses[-1], term)
            self.or_is_open = False
        else:
            self.clauses.append((term,))


def parse(text: str) -> Query:
    """Parse a query. Raises QueryError; nothing else, whatever the text."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is too long; at most {MAX_LENGTH} characters are allowed")
    reader = _Reader()
    at = 0
    typed = clean(text)
    while at < len(typed):
        if typed[at].isspace():
            at += 1
            continue
        item = _ITEM.match(typed, at)
        assert item is not None and item.end() > at  # noqa: PT018, S101 - the last alternative takes any character
        _read(reader, item)
        at = item.end()
    reader.end_group()
    first, *others = reader.groups
    near = tuple(Near(group, ms) for group, ms in zip(others, reader.distances_ms, strict=True))
    return Query(first, near, reader.after_at, reader.before_at, tuple(dict.fromkeys(reader.notes)))


def _read(reader: _Reader, item: re.Match[str]) -> None:
    whole = item.group()
    if whole == "OR":
        reader.end_alternatives()
        if not reader.clauses:
            raise QueryError('OR needs a word on both sides; to search for the word itself write "OR"')
        reader.or_is_open = True
    elif whole == "AND":
        reader.end_alternatives()
        reader.notes.append(remarks.AND)
    elif whole.startswith("NEAR/"):
        reader.end_group()
        reader.distances_ms.append(_distance_ms(whole))
    elif (name := (item["field"] or "").lower()) in {"before", "after"}:
        _read_time(reader, name, item)
    else:
        _read_term(reader, name, item)


def _read_term(reader: _Reader, name: str, item: re.Match[str]) -> None:
    text, prefix = _value(item)
    found = tuple(tokens(text))
    if item["phrase"] is None:
        reader.notes += remarks.remarks(item["word"])
    elif not item["closed"]:
        reader.notes.append(remarks.OPEN_QUOTE)
    if not found and not (name in SOURCES and not text):
        why = "has nothing after its colon" if name and not text else "has no letter or digit"
        reader.notes.append(f"{_shown(item)} {why} and was not searched for")
        return
    if prefix and sum(map(len, found)) < MIN_PREFIX:
        raise QueryError(f"{_shown(item)} is too short: a prefix needs {MIN_PREFIX} letters or digits")
    excluded = item["minus"] is not None
    if excluded and not name:
        bare = item.group().removeprefix("-").strip(_QUOTES)
        reader.notes.append(f'lines with {_quoted(bare)} are left out; to search for it write "-{bare}" in quotes')
    reader.add(_term(name, found, text, prefix=prefix), excluded=excluded)


def _term(name: str, found: tuple[str, ...], text: str, *, prefix: bool) -> Term:
    if name in {"operator", "target"}:
        facets = [Facet(f"{FACET_MARKS[name]}{token}") for token in found]
        facets[-1] = replace(facets[-1], prefix=prefix)
        return Term(facets=tuple(facets))
    term = Term(
        tokens=found,
        prefix=prefix and bool(found),
        facets=(Facet(f"{FACET_MARKS['source']}{name}"),) if name else (),
    )
    if sum(map(len, found)) < MIN_FOLDED:
        return term
    if _is_one_of_many(text, found):
        marked = tuple(BREAK + token for token in found)  # as another reading of a line has them
        return replace(term, variants=(marked, *misread(found, _MAX_VARIANTS)))
    return replace(term, folded=folded(text))


def _is_one_of_many(text: str, found: tuple[str, ...]) -> bool:
    letter_count = sum(map(str.isalpha, text))
    is_long_run = len(found) == 1 and len(found[0]) >= _LONG_RUN and len(set(found[0])) >= MIN_LETTERS
    return letter_count < MIN_LETTERS and letter_count < len(text) and not is_long_run


def _value(item: re.Match[str]) -> tuple[str, bool]:
    """Return the text of a word or phrase, and whether it ends with a star."""
    if item["phrase"] is not None:
        return item["phrase"].strip(), item["star"] == "*" and bool(tokens(item["phrase"]))
    word = item["word"]
    return word.rstrip("*"), word.endswith("*") and bool(tokens(word))


def _read_time(reader: _Reader, name: str, item: re.Match[str]) -> None:
    text, _ = _value(item)
    at = _time(name, text)
    if item["minus"] is not None:
        raise QueryError(f"{name}: cannot be left out; use {'after' if name == 'before' else 'before'}: instead")
    if name == "before":
        reader.before_at = at if reader.before_at is None else min(at, reader.before_at)
    else:
        reader.after_at = at if reader.after_at is None else max(at, reader.after_at)


def _time(name: str, text: str) -> datetime:
    """Parse a date (its first moment), or a date and time. UTC unless it names a zone."""
    parts = _DATE.match(text)
    try:
        if parts:
            return datetime(int(parts[1]), int(parts[2]), int(parts[3] or 1), tzinfo=UTC)
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QueryError(f"{name}: needs a date or time, like {name}:2026-10-01 or {name}:2026-10-01T08:30") from error


def _distance_ms(text: str) -> int:
    found = _NEAR.match(text)
    if found is None:
        raise QueryError("NEAR needs a time, like NEAR/10s or NEAR/2m")
    distance = timedelta(seconds=int(found["count"]) * _UNIT_SECONDS[found["unit"] or "s"])
    if distance > timedelta(seconds=MAX_NEAR_SECONDS):
        raise QueryError("NEAR covers at most 24 hours")
    return int(distance.total_seconds() * 1000)


def _shown(item: re.Match[str]) -> str:
    return _quoted(item.group().strip(_QUOTES))


def _quoted(text: str) -> str:
    return f"“{text}”"
