"""`reelgate verify-certificate` on good certificates, changed ones, and files that are none."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.commands.verify_certificate import verify_certificate
from gateway.core.errors import InvalidInputError, NotFoundError, ReelgateError
from gateway.db.columns import utc_now
from gateway.db.models import Purge, Recording
from gateway.keys.signing import Signer, public_pem
from gateway.retention.certificate import issue


@pytest.fixture
def signer() -> Signer:
    return Signer(Ed25519PrivateKey.generate())


@pytest.fixture
def certificate(signer: Signer) -> dict[str, Any]:
    recording = Recording(folder="f", target_name="prëss-1", operator_name="olga")
    purge = Purge(
        recording_id=recording.id,
        reason="over",
        marked_by_name="cora",
        due_at=utc_now(),
        inventory={"files": [], "span_count": 3, "finding_count": 0, "policy": {"name": "Default"}},
    )
    return issue(recording, purge, None, signer)


@pytest.fixture
def keys(tmp_path: Path, signer: Signer) -> Path:
    """The key that signed, behind another."""
    other = Signer(Ed25519PrivateKey.generate())
    path = tmp_path / "keys.pem"
    path.write_text(f"# two keys\n{public_pem(other.public_key)}{public_pem(signer.public_key)}")
    return path


def written(folder: Path, text: str) -> Path:
    path = folder / "certificate.json"
    path.write_text(text)
    return path


def test_a_genuine_one_is_said_to_be_so(
    certificate: dict[str, Any], keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verify_certificate(written(tmp_path, json.dumps(certificate, indent=2)), keys)
    said = capsys.readouterr().out
    assert "genuine" in said
    assert "olga on prëss-1" in said


@pytest.mark.parametrize(
    "changed",
    [{"files": [{"name": "x"}]}, {"purge": {}}, {"version": 2}, {"signature": "AAAA"}, {"more": 1}],
    ids=["files", "purge", "version", "signature", "addition"],
)
def test_one_that_was_changed_is_not(
    changed: dict[str, Any], certificate: dict[str, Any], keys: Path, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError, match="does not match"):
        verify_certificate(written(tmp_path, json.dumps(certificate | changed)), keys)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "signing key None"),
        ('{"key_id": "ab"}', "signing key ab"),
    ],
)
def test_what_is_no_certificate_is_said_to_be_none(text: str, words: str, keys: Path, tmp_path: Path) -> None:
    with pytest.raises(ReelgateError, match=words):
        verify_certificate(written(tmp_path, text), keys)


def test_files_that_cannot_be_read_are_named(tmp_path: Path, keys: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing"):
        verify_certificate(tmp_path / "nothing", keys)
    bad_keys = tmp_path / "bad.pem"
    bad_keys.write_text("-----END PUBLIC KEY-----")
    with pytest.raises(InvalidInputError, match="no public key"):
        verify_certificate(written(tmp_path, "{}"), bad_keys)
