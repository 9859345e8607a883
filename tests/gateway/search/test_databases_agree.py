"""Any text a person can type, on both databases: an answer or a message, and the same answer."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from gateway.core.recording.states import SpanSource
from gateway.db.database import Database
from gateway.search import QueryError, Scope, postgresql, search_recordings
from tests.gateway.search.conftest import Archive, Line, empty
from tests.gateway.search.test_query import ANY_QUERY

WORDS = [
    *(
        "root",
        "r0ot",
        "Passw0rd",
        "password",
        "svc_shadow",
        "/srv/backups",
        "10.0.0.1",
        "1O.0.0.1",
        "0.0.0.0/0",
        "/etc/",
        "md5",
        "adrnin",
        "admin",
        "getUserName",
    ),
    *(
        "delete",
        "de1ete",
        "Müller",
        "日本語",
        "-rf",
        "rm",
        "a|b",
        "it's",
        "\\n",
        "%like_",
        "KB5034441",
        "2026-10-01T12:00:00Z",
        "Łukasz",
        "รหัสผ่าน",
        "§ssecret",
        "¦",
        "<b>",
        "OR",
    ),
]


@pytest.fixture(scope="module")
def archives(
    migrated: Path, migrated_postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Archive]]:
    path = tmp_path_factory.mktemp("agree") / "reelgate.db"
    shutil.copy(migrated, path)
    databases = [Database(f"sqlite:///{path}"), Database(migrated_postgres_url)]
    with pytest.MonkeyPatch.context() as small:
        # Few as the lines are, some are found one by one, some in a second look, some by the index.
        small.setattr(postgresql, "_FIRST_ROWS", 20)
        small.setattr(postgresql, "_MAX_ROWS", 120)
        small.setattr(postgresql, "_MAX_RANGE_ROWS", 80)
        yield [_filled(database) for database in databases]
    for database in databases:
        database.close()


def _filled(database: Database) -> Archive:
    empty(database)
    archive = Archive(database)
    rng = random.Random(7)
    for name in ("alice", "bob", "mallory"):
        lines = [
            Line(
                " ".join(rng.choices(WORDS, k=4)),
                at * 700,
                at * 700 + 900,
                rng.choice(list(SpanSource)),
                alternatives=(" ".join(rng.choices(WORDS, k=2)),) if at % 3 == 0 else (),
            )
            for at in range(80)
        ]
        archive.add(name, lines, operator=name, target=f"web {name[0]}")
    return archive


def _answer(archive: Archive, query: str) -> object:
    try:
        answer = archive.ask(query, limit=200)
        with archive.database.read() as session:
            grouped = search_recordings(session, query, Scope.everything(), limit=1)
    except QueryError as error:
        return str(error)
    return [(hit.span_id, hit.match) for hit in answer.hits], answer.message, answer.next_cursor, grouped


_FRAGMENTS = st.sampled_from(
    [
        *WORDS,
        '"root password"',
        "roo*",
        "10.0*",
        "r00t",
        "back*",
        "OR",
        "-rm",
        "-password",
        "keys:",
        "screen:rm",
        "operator:alice",
        "NEAR/2s",
    ]
)


_QUERY = st.one_of(st.lists(_FRAGMENTS, min_size=1, max_size=5).map(" ".join), ANY_QUERY)
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(_QUERY)
@example("rm OR password svc")
@example("(root) AND NOT 'x' \"unclosed")
@example("root\x00password")
@settings(_PATIENT, max_examples=60)
def test_both_databases_give_the_same_answer(archives: list[Archive], query: str) -> None:
    first, second = (_answer(archive, query) for archive in archives)
    assert first == second


@pytest.mark.long
@given(_QUERY)
@settings(_PATIENT, max_examples=2000)
def test_both_databases_give_the_same_answer_to_many_more(archives: list[Archive], query: str) -> None:
    first, second = (_answer(archive, query) for archive in archives)
    assert first == second
