"""Secrets at rest: another form, one key, no way around it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.db.database import Database
from gateway.db.models import Credential, Target
from gateway.settings import Settings
from gateway.targets.credentials import CredentialError, CredentialVault, ensure_credential_key
from tests.parts.database import upgrade


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    upgrade(settings(tmp_path).database)
    database = Database(settings(tmp_path).database)
    yield database
    database.close()


def store_credential(folder: Path, database: Database) -> None:
    secret = CredentialVault.open(settings(folder)).encrypt("s")
    with database.write() as session:
        target = Target(name="t", protocol="vnc", host="h", port=1)
        session.add(target)
        session.flush()
        session.add(Credential(target_id=target.id, encrypted_secret=secret))


def settings(folder: Path, key_file: Path | None = None) -> Settings:
    return Settings(data_dir=folder, secret_key_file=key_file)


def test_what_is_stored_is_not_the_secret_and_opens_again_later(tmp_path: Path) -> None:
    stored = CredentialVault.open(settings(tmp_path)).encrypt("hunter2 ä🙂")
    assert "hunter2" not in stored
    assert CredentialVault.open(settings(tmp_path)).decrypt(stored) == "hunter2 ä🙂"


def test_the_key_is_for_the_gateway_alone(tmp_path: Path) -> None:
    CredentialVault.open(settings(tmp_path))
    assert [oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == ["0o600"]


def test_two_gateways_that_start_together_use_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: CredentialVault.open(settings(tmp_path)), range(8)))
    stored = vaults[0].encrypt("s")
    assert {vault.decrypt(stored) for vault in vaults} == {"s"}


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    stored = CredentialVault.open(settings(tmp_path)).encrypt("s")
    with pytest.raises(CredentialError, match="does not match"):
        CredentialVault.open(settings(tmp_path / "other")).decrypt(stored)


@pytest.mark.parametrize("content", [None, b"", b"short"])
def test_a_named_key_is_never_made(tmp_path: Path, content: bytes | None) -> None:
    named = tmp_path / "named.key"
    if content is not None:
        named.write_bytes(content)
    with pytest.raises(CredentialError, match=r"named\.key"):
        CredentialVault.open(settings(tmp_path, named))


def test_the_first_start_makes_the_key(tmp_path: Path, database: Database) -> None:
    ensure_credential_key(settings(tmp_path), database)
    assert (tmp_path / "secret.key").is_file()


def test_a_start_with_the_key_of_what_is_stored_goes_on(tmp_path: Path, database: Database) -> None:
    store_credential(tmp_path, database)
    ensure_credential_key(settings(tmp_path), database)


def test_a_lost_key_is_reported_at_start_and_not_replaced(tmp_path: Path, database: Database) -> None:
    store_credential(tmp_path, database)
    (tmp_path / "secret.key").unlink()
    with pytest.raises(CredentialError, match=r"missing: restore .*secret\.key from a backup"):
        ensure_credential_key(settings(tmp_path), database)
    assert not (tmp_path / "secret.key").exists()


def test_a_wrong_key_is_reported_at_start(tmp_path: Path, database: Database) -> None:
    store_credential(tmp_path, database)
    (tmp_path / "secret.key").unlink()
    CredentialVault.open(settings(tmp_path))
    with pytest.raises(CredentialError, match="does not open the stored credentials"):
        ensure_credential_key(settings(tmp_path), database)
