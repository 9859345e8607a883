"""What commands are tried on: an installation with a database and keys, and an empty database to be copied."""

from tests.gateway.keys.conftest import database, settings
from tests.gateway.search.conftest import migrated

__all__ = ["database", "migrated", "settings"]
