"""`reelgate search`: hits on the terminal, without a server.

Caller: `gateway.cli`. Reads the database of the data folder; whoever may read that may search everything.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import inspect, make_url
from sqlalchemy.exc import DatabaseError

from gateway.core.errors import UnavailableError
from gateway.core.finding import Match
from gateway.db.database import Database
from gateway.search.coverage import SearchCoverage
from gateway.search.hits import MAX_PAGE, Hit, search as find
from gateway.search.scope import Scope
from gateway.settings import get_settings


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", OR, -not, prefix*, operator:NAME; see docs/search.md.')
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of hits.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Print at most this many hits.")] = 50,
) -> None:
    """Find what was on a screen: hits with recording, time and text, without a server.

    How much was looked at is said on standard error.
    """
    with _database() as database:
        message, coverage, hits = _first_hits(database, query, limit)
    if message:
        typer.echo(f"reelgate: {message}", err=True)
    if as_json:
        typer.echo(json.dumps([_fields(hit) for hit in hits], indent=1))
        return
    for hit in hits:
        typer.echo(_line(hit))
    first = "the first " if len(hits) == limit else ""
    typer.echo(f"{first}{len(hits)} {'hit' if len(hits) == 1 else 'hits'} in {coverage}", err=True)


@contextmanager
def _database() -> Iterator[Database]:
    url = get_settings().database
    path = make_url(url).database
    if url.startswith("sqlite") and not Path(path or "").is_file():
        raise UnavailableError(f"there is no database at {path}; set REELGATE_DATA_DIR to the data folder")
    database = Database(url)
    try:
        if not inspect(database.engine).has_table("span_texts"):
            raise UnavailableError("the database cannot be searched yet; run: reelgate migrate")
        yield database
    except DatabaseError as error:
        raise UnavailableError(
            "the database cannot be read; see REELGATE_DATA_DIR and REELGATE_DATABASE_URL"
        ) from error
    finally:
        database.close()


def _first_hits(database: Database, query: str, limit: int) -> tuple[str | None, SearchCoverage, list[Hit]]:
    with database.read() as session:
        answer = find(session, query, Scope.everything(), limit=min(limit, MAX_PAGE))
        message, coverage, hits = answer.message, answer.coverage, list(answer.hits)
        while answer.next_cursor and len(hits) < limit:
            rest = min(limit - len(hits), MAX_PAGE)
            answer = find(session, query, Scope.everything(), limit=rest, cursor=answer.next_cursor)
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
        "box": list(hit.box),
        "operator": hit.operator_name,
        "target": hit.target_name,
        "at": hit.at.isoformat(),
    }


def _line(hit: Hit) -> str:
    mark = " ~" if hit.match is Match.TOLERANT else ""
    way = f" {hit.transfer.direction}" if hit.transfer and hit.transfer.direction else ""
    place = f"{hit.recording_id} +{hit.offset_ms / 1000:.1f}s {hit.source}{way}{mark}"
    return f"{hit.at:%Y-%m-%d %H:%M:%S}Z {hit.operator_name}@{hit.target_name} {place}: {_printable(hit.text)}"


def _printable(text: str) -> str:
    """Text from a screen may hold the escape sequences of terminals; none reaches this one."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
