"""The verifier's own Ed25519 says what `cryptography` says, and nothing of the product is needed to run it."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workers.export import verifier
from workers.export.verifier import L, is_signed

# RFC 8032, section 7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_standards_own_vectors(public: str, message: str, signature: str) -> None:
    assert is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_every_flipped_bit_of_a_signature_is_seen() -> None:
    key = Ed25519PrivateKey.generate()
    public, message = key.public_key().public_bytes_raw(), b"reelgate export v1\n{}"
    signature = key.sign(message)
    assert is_signed(public, message, signature)
    assert not is_signed(public, message + b" ", signature)
    for position in range(0, 64 * 8, 13):
        altered = bytearray(signature)
        altered[position // 8] ^= 1 << position % 8
        assert not is_signed(public, message, bytes(altered))


def test_a_signature_in_another_form_is_refused() -> None:
    """S plus the group's order would pass without the check of RFC 8032, section 5.1.7."""
    key = Ed25519PrivateKey.generate()
    signature = key.sign(b"m")
    larger = int.from_bytes(signature[32:], "little") + L
    public = key.public_key().public_bytes_raw()
    assert not is_signed(public, b"m", signature[:32] + larger.to_bytes(32, "little"))
    assert not is_signed(public, b"m", signature[:63])
    assert not is_signed(b"\xff" * 32, b"m", signature), "not a point"


def test_it_runs_alone(tmp_path: Path) -> None:
    program = tmp_path / "verify.py"
    program.write_bytes(Path(verifier.__file__).read_bytes())
    answer = subprocess.run([sys.executable, "-I", "-S", str(program)], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "bundle.json cannot be read" in answer.stdout
