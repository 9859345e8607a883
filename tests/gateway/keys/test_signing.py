"""Signing keys: what one signed, its public half confirms, and nothing else."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.keys.folder import KeyMissingError
from gateway.keys.signing import Signer, add_key, key_id_of, private_ids, public_pem, trust, trusted_folder, verify
from gateway.settings import Settings

MESSAGE = b"reelgate test v1\n{}"


def key_files(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "keys" / "signing").iterdir())


def test_a_signature_is_of_its_message_and_key(settings: Settings, tmp_path: Path) -> None:
    signer = Signer.open(settings)
    other = Signer.open(Settings(data_dir=tmp_path / "other"))
    signature = signer.sign(MESSAGE)
    assert verify(signer.public_key, MESSAGE, signature)
    assert not verify(other.public_key, MESSAGE, signature)
    assert not verify(signer.public_key, MESSAGE + b" ", signature)
    assert not verify(signer.public_key, MESSAGE, signature[:-1] + bytes((signature[-1] ^ 1,)))
    for wrong in (b"", bytes(64)):
        assert not verify(signer.public_key, MESSAGE, wrong)
    assert not verify(b"short", MESSAGE, signature)


def test_a_key_is_trusted_by_all_who_write_it_at_once(settings: Settings) -> None:
    together = Barrier(8)

    def one(public_key: bytes) -> Path:
        together.wait(10)
        return trust(settings, public_key)

    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            [path] = set(pool.map(one, [bytes([number]) * 32] * 8))
            assert path.read_text() == public_pem(bytes([number]) * 32)
    assert len(list(trusted_folder(settings).iterdir())) == 8, "no draft is left"


def test_all_processes_sign_with_the_one_key_that_the_first_made(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = {signer.key_id for signer in pool.map(lambda _number: Signer.open(settings), range(16))}
    [path] = key_files(settings)
    assert ids == set(private_ids(settings)) == {path.name.partition("-")[2].removesuffix(".key")}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_added_key_signs_from_then_on(settings: Settings) -> None:
    old = Signer.open(settings)
    new = add_key(settings)
    assert Signer.open(settings).key_id == new.key_id == key_id_of(new.public_key) != old.key_id
    assert private_ids(settings) == [old.key_id, new.key_id]


def test_a_public_key_is_exported_as_openssl_reads_it(settings: Settings) -> None:
    pem = public_pem(Signer.open(settings).public_key)
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert "PRIVATE" not in pem


def test_a_file_that_is_no_signing_key_is_named(settings: Settings) -> None:
    Signer.open(settings)
    [path] = key_files(settings)
    path.write_text("rubbish")
    with pytest.raises(KeyMissingError, match=r"\.key is not a signing key: restore the file from a backup"):
        Signer.open(settings)
    elliptic = generate_private_key(SECP256R1())
    path.write_bytes(elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyMissingError, match="is not an Ed25519 key"):
        Signer.open(settings)
