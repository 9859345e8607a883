"""Alembic's entry: runs migrations on the database whose URL `gateway.db.migrate` gives."""

from alembic import context
from sqlmodel import SQLModel

import gateway.db.models
from gateway.db.database import Database

assert gateway.db.models  # noqa: S101 - imported for its tables


def run() -> None:
    database = Database(context.config.attributes["database_url"])
    with database.engine.execution_options(reelgate_write=True).connect() as connection:
        context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=database.is_sqlite)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    database.close()


run()
