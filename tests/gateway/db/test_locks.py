"""Writers of different things never wait for each other; writers of the same thing do."""

from contextlib import ExitStack

import pytest
from sqlalchemy.exc import OperationalError

from gateway.db.database import Database
from gateway.db.locks import Lock, acquire


def test_only_the_same_lock_is_waited_for(empty_postgres_url: str) -> None:
    database = Database(empty_postgres_url, busy_seconds=0.2)
    with ExitStack() as held:
        for lock in Lock:
            acquire(held.enter_context(database.write()), lock)
        for lock in Lock:
            with pytest.raises(OperationalError), database.write() as session:
                acquire(session, lock)
    database.close()
