"""`reelgate search`: hits on the terminal, without a server.

Reads the database of the data folder; whoever may read that may search everything.
"""

from datetime import datetime
from itertools import islice
from typing import Annotated, Any

import typer
from sqlmodel import Session

from gateway.commands.arguments import AsJson, text_argument, time_argument
from gateway.commands.opened import opened
from gateway.commands.output import note, say, say_json, warn
from gateway.core.errors import InvalidInputError
from gateway.core.finding import Match
from gateway.core.recording.place import place_as_dict
from gateway.core.recording.states import SpanSource
from gateway.db.repositories import recordings
from gateway.search.coverage import SearchCoverage
from gateway.search.hits import MAX_PAGE, Hit, search as find
from gateway.search.query import parse
from gateway.search.scope import Scope
from gateway.search.tokens import tokens


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", OR, -not, prefix*, operator:NAME; see docs/search.md.')
    ],
    operator: Annotated[
        str | None, typer.Option(help="Only sessions of this operator.", metavar="NAME", parser=text_argument)
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="Only sessions on this target.", metavar="NAME", parser=text_argument)
    ] = None,
    source: Annotated[SpanSource | None, typer.Option(help="Only text from this source.")] = None,
    before: Annotated[
        datetime | None, typer.Option(help="Only text visible before this time.", metavar="TIME", parser=time_argument)
    ] = None,
    after: Annotated[
        datetime | None,
        typer.Option(help="Only text visible at this time or later.", metavar="TIME", parser=time_argument),
    ] = None,
    recording: Annotated[
        str | None,
        typer.Option(help="Only in this recording: its ID or a prefix of it.", metavar="ID", parser=text_argument),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="Print at most this many hits.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Search for text that was on screen: hits with recording, time and text. Needs no server.

    Standard error reports how much was searched.
    """
    whole = _narrowed(query, {"operator": operator, "target": target}, source, before, after)
    with opened() as (_settings, database), database.read() as session:
        recording_id = None if recording is None else recordings.by_prefix(session, recording).id
        message, coverage, hits = _first_hits(session, whole, Scope.everything(recording_id), limit)
    if message:
        warn(message)
    if as_json:
        say_json([_fields(hit) for hit in hits])
        return
    say(*map(_line, hits))
    first = "the first " if len(hits) == limit else ""
    note(f"{first}{len(hits)} {'hit' if len(hits) == 1 else 'hits'} in {coverage}")


def _narrowed(
    query: str,
    names: dict[str, str | None],
    source: SpanSource | None,
    before: datetime | None,
    after: datetime | None,
) -> str:
    """Return the query with the options prepended as terms of the query language."""
    words = [_named(field, name) for field, name in names.items() if name is not None]
    words += [f"{source}:"] if source else []
    words += [f"{word}:{at:%Y-%m-%dT%H:%M:%S}" for word, at in (("before", before), ("after", after)) if at]
    if query.strip() and words:
        parse(query)  # in parentheses: an OR in the query must not absorb an option
    return " ".join([*words, query])


def _named(field: str, name: str) -> str:
    if not tokens(name):
        raise InvalidInputError(f"--{field} {name} has no letter or digit to search for")
    quoted = "".join(" " if char in '"“”' else char for char in name)
    return f'{field}:"{quoted}"'


def _first_hits(session: Session, query: str, scope: Scope, limit: int) -> tuple[str | None, SearchCoverage, list[Hit]]:
    answer = find(session, query, scope, limit=min(limit, MAX_PAGE))
    message, coverage, hits = answer.message, answer.coverage, list(answer.hits)
    while answer.next_cursor and len(hits) < limit:
        rest = min(limit - len(hits), MAX_PAGE)
        answer = find(session, query, scope, limit=rest, cursor=answer.next_cursor)
        hits += answer.hits
    return message, coverage, list(islice(hits, limit))


def _fields(hit: Hit) -> dict[str, Any]:
    return {
        "recording": hit.recording_id,
        "offset_ms": hit.offset_ms,
        "end_ms": hit.end_ms,
        "text": hit.text,
        "source": hit.source,
        "transfer": hit.transfer.as_dict() if hit.transfer else None,
        "match": hit.match,
        "confidence": hit.confidence,
        "place": None if hit.place is None else place_as_dict(hit.place),
        "operator": hit.operator_name,
        "target": hit.target_name,
        "at": hit.at.isoformat(),
    }


def _line(hit: Hit) -> str:
    mark = " ~" if hit.match is Match.TOLERANT else ""
    way = f" {hit.transfer.direction}" if hit.transfer and hit.transfer.direction else ""
    place = f"{hit.recording_id} +{hit.offset_ms / 1000:.1f}s {hit.source}{way}{mark}"
    return f"{hit.at:%Y-%m-%d %H:%M:%S}Z {hit.operator_name}@{hit.target_name} {place}: {hit.text}"
