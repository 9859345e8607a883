"""A real PostgreSQL on loopback, tuned to forget: no fsync, nothing kept."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

import psycopg

from gateway.supervisor.child import Child
from gateway.supervisor.probes import free_port
from tests.parts.running import Running

_USER = "reelgate"


class Postgres(Running):
    """`new_url()` gives each test a database of its own, which `tests.parts.database.upgrade` makes."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._password = secrets.token_hex(8)
        super().__init__(
            Child(
                name="postgres",
                command=(
                    *_account(),
                    *(str(_program("postgres")), "-D", str(folder / "pg"), "-p", str(self.port)),
                    *("-h", "127.0.0.1", "-k", "", "-F", "-c", "max_connections=60", "-c", "full_page_writes=off"),
                ),
                is_ready=self._answers,
                cwd=folder,
            ),
            log=folder / "postgres.log",
        )
        self._initialise()

    def url(self, database: str = "postgres") -> str:
        """As the setting `database_url` has it."""
        return f"postgresql+psycopg://{_USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def new_url(self) -> str:
        """Returns the URL of a database that is not there yet: making one empty, to be replaced, takes a tenth of a second."""
        return self.url(f"test_{secrets.token_hex(6)}")

    def create_database(self, *, copy_of: str | None = None) -> str:
        """Makes an empty database, or a copy of the one with that URL, which nobody may use meanwhile; returns its URL."""
        name = f"test_{secrets.token_hex(6)}"
        template = "template1" if copy_of is None else copy_of.rpartition("/")[2]
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True, connect_timeout=2)

    def _answers(self) -> bool:
        try:
            with self._connect() as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def _initialise(self) -> None:
        password = self._folder / "pg-password"
        password.write_text(self._password)
        if os.geteuid() == 0:
            for path in (self._folder, password):
                shutil.chown(path, "postgres")
        subprocess.run(
            [
                *(*_account(), str(_program("initdb")), "-D", str(self._folder / "pg"), "-U", _USER),
                *("-A", "scram-sha-256", "--pwfile", str(password), "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            cwd=self._folder,
        )


def _program(name: str) -> Path:
    """Debian keeps PostgreSQL's programs off PATH, by version; the newest is taken."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which(name)
    assert found or on_path, f"{name} is missing: run `make setup-test`"
    return found[-1] if found else Path(on_path or "")


def _account() -> tuple[str, ...]:
    """PostgreSQL refuses to run as root."""
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") if os.geteuid() == 0 else ()
