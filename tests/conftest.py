"""Real services for every test, started once a test process and only when a test asks for them."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher

from gateway.identity import passwords
from tests.parts.desktops import RdpDesktop, VncDesktop
from tests.parts.guacd import Guacd
from tests.parts.postgres import Postgres
from tests.parts.redis_server import RedisServer
from tests.parts.s3 import S3Server

# Whoever starts the tests in the background may have turned these off (POSIX shell, 2.11), and programs inherit that:
# nothing could be interrupted.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
# The tests' desktops are on this machine, where no target may be otherwise. For programs they start as well.
os.environ["REELGATE_ALLOWED_TARGETS"] = "127.0.0.0/8"


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hashes that take no time. A real one takes a quarter of a second, and many tests sign in several times."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with patch.multiple(passwords, _hasher=cheap, _NOBODY=cheap.hash("nobody has this password")):
        yield


@pytest.fixture(scope="session")
def parts_folder() -> Iterator[Path]:
    """Where the parts live; what is secret below is closed itself.

    Not pytest's own temporary folder: that is closed to the accounts some parts drop to, and too long for sockets.
    """
    with tempfile.TemporaryDirectory(prefix="reelgate-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


def _subfolder(parts_folder: Path, name: str) -> Path:
    folder = parts_folder / name
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def guacd(parts_folder: Path) -> Iterator[Guacd]:
    with Guacd(_subfolder(parts_folder, "guacd")) as part:
        yield part


@pytest.fixture(scope="session")
def redis_server(parts_folder: Path) -> Iterator[RedisServer]:
    with RedisServer(_subfolder(parts_folder, "redis")) as part:
        yield part


@pytest.fixture(scope="session")
def vnc_desktop(parts_folder: Path) -> Iterator[VncDesktop]:
    with VncDesktop(parts_folder / "vnc") as part:
        yield part


@pytest.fixture(scope="session")
def rdp_desktop(parts_folder: Path) -> Iterator[RdpDesktop]:
    with RdpDesktop(parts_folder / "rdp") as part:
        yield part


@pytest.fixture(scope="session")
def postgres(parts_folder: Path) -> Iterator[Postgres]:
    with Postgres(_subfolder(parts_folder, "postgres")) as part:
        yield part


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """URL of this test's own database, which is not there before `tests.parts.database.upgrade`."""
    return postgres.new_url()


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> str:
    """URL of an empty database, new for this test."""
    return postgres.create_database()


@pytest.fixture(scope="session")
def s3_server(parts_folder: Path) -> Iterator[S3Server]:
    with S3Server(_subfolder(parts_folder, "s3")) as part:
        yield part


@pytest.fixture
def s3_bucket(s3_server: S3Server) -> str:
    """Name of an empty bucket, new for this test."""
    return s3_server.create_bucket()
