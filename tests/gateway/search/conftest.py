"""A small archive of recordings on either database, and a way to ask it."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from gateway.core.recording.geometry import Box
from gateway.core.recording.states import SpanSource
from gateway.core.recording.transfer import Transfer
from gateway.db.database import Database
from gateway.db.models import Finding, Recording, Span, User, WatchTerm
from gateway.search import Answer, Match, Reading, Scope, prepare_spans, search, write_spans
from tests.parts.database import upgrade
from tests.parts.postgres import Postgres

STARTED_AT = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """A span in short."""

    text: str
    start_ms: int = 0
    end_ms: int = 1000
    source: SpanSource = SpanSource.SCREEN
    alternatives: tuple[str, ...] = ()
    transfer: Transfer | None = None


class Archive:
    """Recordings by a short name, in a real database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(
        self,
        name: str,
        lines: Sequence[Line | str],
        *,
        operator: str = "alice",
        target: str = "web-1",
        started_at: datetime = STARTED_AT,
    ) -> None:
        """Replaces the recording of this name."""
        with self.database.write() as session:
            recording = session.get(Recording, name)
            if recording is None:
                recording = Recording(
                    id=name,
                    folder=name,
                    operator_name=operator,
                    target_name=target,
                    protocol="vnc",
                    started_at=started_at,
                    closed_at=started_at + timedelta(hours=1),
                    searchable_at=started_at + timedelta(hours=2),
                    width=1280,
                    height=720,
                )
                session.add(recording)
                session.flush()
            readings = [_reading(line if isinstance(line, Line) else Line(line)) for line in lines]
            write_spans(session, prepare_spans(recording, readings))

    def ask(self, query: str, scope: Scope | None = None, *, limit: int = 50, cursor: str | None = None) -> Answer:
        """One page."""
        with self.database.read() as session:
            return search(session, query, scope or Scope.everything(), limit=limit, cursor=cursor)

    def texts(self, query: str, match: Match | None = None) -> list[str]:
        """Lines found, of one kind of match or all."""
        return [hit.text for hit in self.ask(query).hits if match in {None, hit.match}]

    def exact(self, query: str) -> list[str]:
        """Lines found letter by letter."""
        return self.texts(query, Match.EXACT)


def _reading(line: Line) -> Reading:
    words = []
    at = 0
    for word in line.text.split():
        words.append([word, at, 10, 8 * len(word), 16])
        at += 8 * len(word) + 8
    return Reading(
        line.text,
        line.start_ms,
        line.end_ms,
        line.source,
        Box(0, 10, 8 * len(line.text), 16) if line.source is SpanSource.SCREEN else None,
        words=words,
        alternatives=line.alternatives,
        transfer=line.transfer.as_dict() if line.transfer else None,
    )


def empty(database: Database) -> None:
    """Remove what the tests before have left."""
    with database.write() as session:
        for table in (Finding, WatchTerm, User, Span, Recording):
            session.connection().execute(delete(table))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("search") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres: Postgres) -> str:
    """A migrated PostgreSQL database, emptied before each test."""
    url = postgres.new_url()
    upgrade(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[Database]:
    """Empty."""
    if request.param == "sqlite":
        shutil.copy(migrated, tmp_path / "reelgate.db")
        url = f"sqlite:///{tmp_path / 'reelgate.db'}"
    else:
        url = request.getfixturevalue("migrated_postgres_url")
    database = Database(url)
    empty(database)
    yield database
    database.close()


@pytest.fixture
def archive(database: Database) -> Archive:
    return Archive(database)
