"""`reelgate keys`, as an administrator uses it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from sqlmodel import select

from gateway.commands import keys as command
from gateway.db.database import Database
from gateway.db.models import AuditEvent, RecordingKey
from gateway.keyring import Keyring
from gateway.keys.signing import fingerprint_of, key_id_of, public_pem
from gateway.keys.site import public_keys
from gateway.settings import Settings, get_settings
from tests.gateway.keys.test_data import place
from tests.gateway.keys.test_master import given
from tests.parts.program import reelgate


@pytest.fixture(autouse=True)
def _settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(settings.data_dir))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def keys(*arguments: str) -> str:
    answer = reelgate("keys", *arguments)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_keys_are_listed_with_what_they_do(settings: Settings, database: Database) -> None:
    keyring = Keyring.open(settings, database)
    with database.write() as session:
        keyring.data.create(session, place(session))
    text = keys("list")
    assert f"master   {keyring.master.newest_id()}  wraps  1 recordings" in text
    assert f"signing  {keyring.signer().key_id}  signs" in text


def test_a_rotated_master_key_wraps_everything_and_opens_the_same_keys(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = Keyring.open(settings, database)
    monkeypatch.setattr(command, "_BATCH", 2)
    with database.write() as session:
        made = [keyring.data.create(session, place(session)) for _ in range(5)]
        keyring.data.destroy(session, made[4].recording_id)
    old = keyring.master.newest_id()
    assert "wraps 4 recordings' keys" in keys("rotate-master")
    new = keyring.master.newest_id()
    assert new != old
    with database.read() as session:
        rows = session.exec(select(RecordingKey)).all()
        assert {row.master_key_id for row in rows if row.destroyed_at is None} == {new}
        assert [keyring.data.of(session, key.recording_id) for key in made[:4]] == made[:4]
        event = session.exec(select(AuditEvent).where(AuditEvent.tag == "cli:key:rotated")).one()
        assert event.details == {"kind": "master", "rewrapped_count": 4}
    assert f"{old}  unwraps  0 recordings" in keys("list")


def test_an_interrupted_rotation_is_finished_with_the_key_it_made(settings: Settings, database: Database) -> None:
    keyring = Keyring.open(settings, database)
    with database.write() as session:
        keyring.data.create(session, place(session))
    made = keyring.master.add()  # and then the command was killed
    keys("rotate-master")
    assert keyring.master.newest_id() == made
    with database.read() as session:
        assert session.exec(select(RecordingKey.master_key_id)).one() == made


def test_keys_from_the_environment_are_rotated_by_putting_a_new_one_first(
    database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = os.urandom(32), os.urandom(32)
    before = given(old, folder=tmp_path)
    assert before.master_keys is not None
    with database.write() as session:
        key = Keyring(before).data.create(session, place(session))
    monkeypatch.setenv("REELGATE_MASTER_KEYS", before.master_keys.get_secret_value())
    get_settings.cache_clear()
    refused = reelgate("keys", "rotate-master")
    assert refused.exit_code == 2
    assert "put a new one first" in refused.stderr
    both = given(new, old, folder=tmp_path)
    assert both.master_keys is not None
    monkeypatch.setenv("REELGATE_MASTER_KEYS", both.master_keys.get_secret_value())
    get_settings.cache_clear()
    keys("rotate-master")
    with database.read() as session:
        assert Keyring(given(new, folder=tmp_path)).data.of(session, key.recording_id) == key
    assert not (settings.keys_folder / "master").exists()


def test_a_rotated_signing_key_signs_and_the_old_one_stays_on_record(settings: Settings, database: Database) -> None:
    old = Keyring.open(settings, database).signer()
    assert "signs from now on" in keys("rotate-signing")
    new = Keyring.open(settings, database).signer()
    assert new.key_id != old.key_id
    text = keys("list")
    assert f"{old.key_id}  retired" in text
    assert f"{new.key_id}  signs" in text


def test_public_keys_are_exported_and_private_ones_are_not(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    signer = Keyring.open(settings, database).signer()
    text = keys("export-public")
    keys("export-public", "--output", str(tmp_path / "keys.pem"))
    assert (tmp_path / "keys.pem").read_text() == text
    assert text.startswith(f"Reelgate signing key {signer.key_id}, made ")
    assert "PRIVATE" not in text
    public = load_pem_public_key(text.encode())
    assert public.public_bytes_raw() == signer.public_key  # type: ignore[union-attr]


def test_what_is_shown_holds_no_key(settings: Settings, database: Database) -> None:
    Keyring.open(settings, database)
    secrets = [path.read_text().split("\n")[0] for path in (settings.keys_folder / "master").iterdir()]
    shown = keys("list") + keys("rotate-master") + keys("rotate-signing") + keys("export-public")
    assert secrets
    assert not any(secret in shown for secret in secrets)


def test_another_sites_keys_are_trusted_listed_and_audited(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    own = Keyring.open(settings, database).signer()
    others = [Ed25519PrivateKey.generate().public_key().public_bytes_raw() for _ in range(2)]
    ids = [key_id_of(key) for key in others]
    (tmp_path / "other.pem").write_text("".join(f"Reelgate signing key\n{public_pem(key)}" for key in others))
    text = keys("trust", str(tmp_path / "other.pem"))
    for key_id, key in zip(ids, others, strict=True):
        assert f"signing key {key_id} is trusted from now on" in text
        assert fingerprint_of(key) in text
    with database.read() as session:
        assert set(public_keys(session)) == {own.key_id, *ids}
        events = session.exec(select(AuditEvent).where(AuditEvent.tag == "cli:key:trusted")).all()
        assert {(event.subject_id, event.details["fingerprint"]) for event in events} == {
            (key_id, fingerprint_of(key)) for key_id, key in zip(ids, others, strict=True)
        }
    assert f"{ids[0]}  trusted: another site's" in keys("list")
    assert ids[0] not in keys("export-public")
    assert "was trusted already" in keys("trust", str(tmp_path / "other.pem"))
    with database.read() as session:
        assert len(session.exec(select(AuditEvent).where(AuditEvent.tag == "cli:key:trusted")).all()) == len(ids)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no Ed25519 public key"),
        (b"no key\xff", "holds no public key"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "holds no public key"),
        (
            ec.generate_private_key(ec.SECP256R1())
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "holds no Ed25519 public key",
        ),
        (b"x" * (2**20 + 1), "is too large"),
    ],
    ids=["empty", "text", "damaged", "another kind", "large"],
)
def test_what_is_no_key_is_not_trusted(
    settings: Settings, database: Database, tmp_path: Path, content: bytes, message: str
) -> None:
    own = Keyring.open(settings, database).signer()
    (tmp_path / "other.pem").write_bytes(content)
    answer = reelgate("keys", "trust", str(tmp_path / "other.pem"))
    assert (answer.exit_code, message in answer.stderr) == (2, True)
    with database.read() as session:
        assert set(public_keys(session)) == {own.key_id}
