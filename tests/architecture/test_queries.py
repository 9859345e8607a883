"""Queries are built and run in gateway/db and gateway/search; everything else calls functions with names."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, sources

_AT_HOME = ("gateway/db/", "gateway/search/")
# Transactions and table classes are passed through every layer; errors and addresses of databases are no queries.
_ALLOWED = {"sqlmodel": {"Session", "SQLModel"}, "sqlalchemy": {"URL", "make_url"}}
_ERRORS = "sqlalchemy.exc"
_LIBRARIES = ("sqlalchemy", "sqlmodel")
_RUNS = {"connection", "exec", "exec_driver_sql", "execute", "executemany", "scalar", "scalars"}


def _queries(source: Source) -> Iterator[str]:
    """Yield what a file imports for building queries, and what it calls to run one."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names if name.name.partition(".")[0] in _LIBRARIES)
            case ast.ImportFrom(module=str(module), names=names) if module.partition(".")[0] in _LIBRARIES:
                if module != _ERRORS:
                    yield from (name.name for name in names if name.name not in _ALLOWED.get(module, set()))
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _RUNS:
                yield f".{attr}()"


def test_queries_are_at_home() -> None:
    assert {
        source.path: found
        for source in sources("gateway", "workers")
        if not source.path.startswith(_AT_HOME) and (found := list(_queries(source)))
    } == {}


def test_the_rule_sees_queries_where_they_are() -> None:
    at_home = {source.path for source in sources("gateway") if any(_queries(source))}
    assert {"gateway/db/repositories/recordings.py", "gateway/search/hits.py"} <= at_home


def test_every_way_to_query_is_seen() -> None:
    for text in (
        "from sqlmodel import Session, select",
        "from sqlmodel import func as f",
        "from sqlmodel.sql.expression import SelectOfScalar",
        "from sqlalchemy import text",
        "from sqlalchemy import select as rows_of",
        "from sqlalchemy.orm import aliased",
        "import sqlalchemy",
        "import sqlalchemy.orm as orm",
        "def f(session):\n    from sqlmodel import update",
        "session.exec(query).all()",
        "session.connection().execute(query)",
        "connection.exec_driver_sql('SELECT 1')",
    ):
        assert list(_queries(Source("x.py", text))), text
    for text in (
        "from sqlmodel import Session, SQLModel",
        "from sqlalchemy import make_url, URL",
        "from sqlalchemy.exc import IntegrityError",
        "session.get(Recording, key); session.add(row); session.flush()",
    ):
        assert not list(_queries(Source("x.py", text))), text
