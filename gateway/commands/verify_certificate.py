"""`reelgate verify-certificate`: check the signature of a certificate of erasure."""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from gateway.commands.opened import opened
from gateway.commands.output import say
from gateway.core.errors import InvalidInputError, NotFoundError
from gateway.keys.public import read_public_keys
from gateway.keys.site import public_keys
from gateway.retention.certificate import check

# The certificate of a recording with a thousand files has about 300 KB.
_MOST_BYTES: Final = 64 * 2**20


def verify_certificate(
    file: Annotated[Path, typer.Argument(help="The certificate as downloaded (JSON).")],
    public_key: Annotated[
        Path | None,
        typer.Option(help="Public keys (PEM) from `reelgate keys export-public`; default: this installation's."),
    ] = None,
) -> None:
    """Check that a certificate of erasure is unchanged and was signed by this installation."""
    certificate = _read(file)
    keys = _of_this_installation() if public_key is None else read_public_keys(public_key)
    key = keys.get(str(certificate.get("key_id")))
    if key is None:
        raise NotFoundError(
            f"the certificate names signing key {certificate.get('key_id')}, which is not among the given keys"
        )
    check(certificate, key)
    say(_summary(certificate))


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise InvalidInputError(f"{file} is too large for a certificate")
        read = json.loads(file.read_text())
    except OSError as error:
        raise NotFoundError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{file} is not a certificate: it is not JSON") from error
    if not isinstance(read, dict):
        raise InvalidInputError(f"{file} is not a certificate: it is not a JSON object")
    return read


def _of_this_installation() -> dict[str, bytes]:
    with opened() as (_settings, database), database.read() as session:
        return public_keys(session)


def _summary(certificate: dict[str, Any]) -> str:
    recording, purge, key = certificate["recording"], certificate["purge"], certificate["data_key"]
    destroyed = f"its data key was destroyed {key['destroyed_at']}" if key else "it had no data key"
    return (
        f"the certificate is genuine: recording {recording['id']} ({recording['operator']} on {recording['target']}) "
        f"was erased, {len(certificate['files'])} files, ordered by {purge['ordered_by']}: {purge['reason']}; {destroyed}"
    )
