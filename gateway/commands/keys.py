"""`reelgate keys`: list keys, rotate them, and export public keys to verify signatures elsewhere.

Rotation needs no restart: running processes pick up the newest key.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from gateway.audit import AuditTag, record
from gateway.commands.opened import command_actor, opened
from gateway.commands.output import say, say_table
from gateway.core.errors import ConflictError
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import SigningKey
from gateway.db.repositories import keys
from gateway.keyring import Keyring, register
from gateway.keys import signing
from gateway.keys.master import LocalMasterKeys
from gateway.keys.public import read_public_keys
from gateway.keys.site import SiteKeys, public_keys
from gateway.settings import Settings

# Rows per transaction: about 20 ms, so that recordings can begin and end in between.
_BATCH: Final = 500

keys_app = typer.Typer(help="Keys that encrypt and sign recordings.", no_args_is_help=True)


class _Opened(NamedTuple):
    settings: Settings
    database: Database
    keyring: Keyring


@keys_app.command("list")
def list_keys() -> None:
    """List master and signing keys: which are in use and which are missing. Creates none."""
    with opened() as (settings, database):
        with database.read() as session:
            wrapped = keys.wrapped_counts(session)
            signers = keys.signing_keys(session)
        known = LocalMasterKeys(settings).ids()
        here = signing.private_ids(settings)
        trusted = SiteKeys(settings).public_keys()
    rows = [
        ("master", key_id, _master_state(key_id, known), f"{wrapped.get(key_id, 0)} recordings")
        for key_id in [*sorted(wrapped.keys() - set(known)), *known]
    ]
    rows += [("signing", row.id, _signing_state(row, here), "") for row in signers]
    foreign = sorted(trusted.keys() - {row.id for row in signers})
    rows += [("signing", key_id, "trusted: another site's", "") for key_id in foreign]
    say_table(("kind", "id", "state", "wraps"), rows)


@keys_app.command("rotate-signing")
def rotate_signing() -> None:
    """Sign with a new key from now on. Signatures of the old one stay verifiable."""
    with _opened() as (settings, database, keyring):
        old = keyring.signer().key_id
        signer = signing.add_key(settings)
        actor = command_actor()
        with database.write() as session:
            register(session, signer, actor)
            row = session.get(SigningKey, old)
            if row is not None:
                row.retired_at = utc_now()
                session.add(row)
            record(session, AuditTag.KEY_ROTATED, actor, subject_id=signer.key_id, kind="signing", previous=old)
    say(f"signing key {signer.key_id} signs from now on; give its public half to those who check signatures")


@keys_app.command("rotate-master")
def rotate_master() -> None:
    """Wrap all recordings' data keys with a new master key. Recordings are not rewritten.

    If keys come from REELGATE_MASTER_KEYS, put the new one first, keep the old one after it, and run this. To finish an
    interrupted run, run it again.
    """
    with _opened() as (_settings, database, keyring):
        newest = keyring.master.newest_id()
        with database.read() as session:
            is_unfinished = any(key_id != newest for key_id in keys.master_ids_in_use(session))
        if not is_unfinished:
            newest = _new_master(keyring)
        count = _rewrap(database, keyring)
        with database.write() as session:
            actor = command_actor()
            record(session, AuditTag.KEY_ROTATED, actor, subject_id=newest, kind="master", rewrapped_count=count)
    say(f"master key {newest} wraps {count} recordings' keys and all new ones; back it up apart from the recordings")


@keys_app.command("export-public")
def export_public(
    output: Annotated[Path | None, typer.Option(help="File to write; default: standard output.")] = None,
) -> None:
    """Print the public keys of all signing keys as PEM, for verification elsewhere."""
    with opened() as (_settings, database), database.read() as session:
        trusted = public_keys(session)  # a row alone proves nothing
        rows = [row for row in keys.signing_keys(session) if trusted.get(row.id) == base64.b64decode(row.public_key)]
    text = "".join(_exported(row) for row in rows)
    if output is None:
        say(*text.splitlines())
    else:
        output.write_text(text)


@keys_app.command("trust")
def trust(
    file: Annotated[Path, typer.Argument(help="Public keys (PEM) from another site's `reelgate keys export-public`.")],
) -> None:
    """Accept another site's signatures from now on, such as those of its recordings that were brought here.

    Whoever has the private key can sign what this site accepts: compare the fingerprints with the other site first.
    """
    with opened() as (settings, database):
        given = read_public_keys(file)
        new = {key_id: key for key_id, key in given.items() if not signing.is_trusted(settings, key_id)}
        with database.write() as session:
            for key_id, key in new.items():
                fingerprint = signing.fingerprint_of(key)
                record(session, AuditTag.KEY_TRUSTED, command_actor(), subject_id=key_id, fingerprint=fingerprint)
        for key in new.values():  # once the trail says so, and not before
            signing.trust(settings, key)
    for key_id, key in given.items():
        state = "is trusted from now on" if key_id in new else "was trusted already"
        say(f"signing key {key_id} {state}; fingerprint (SHA-256) {signing.fingerprint_of(key)}")


@contextmanager
def _opened() -> Iterator[_Opened]:
    with opened() as (settings, database):
        yield _Opened(settings, database, Keyring.open(settings, database))


def _master_state(key_id: str, known: list[str]) -> str:
    if key_id not in known:
        return "MISSING: restore it from a backup"
    return "wraps" if key_id == known[-1] else "unwraps"


def _signing_state(row: SigningKey, here: list[str]) -> str:
    if here and row.id == here[-1]:
        return "signs"
    if row.retired_at is not None:
        return f"retired {row.retired_at:%Y-%m-%d %H:%M} UTC"
    return "not in use" if row.id in here else "elsewhere"


def _new_master(keyring: Keyring) -> str:
    if not keyring.master.are_files:
        raise ConflictError(
            "master keys come from REELGATE_MASTER_KEYS: put a new one first (32 random bytes in base64), keep the old"
            " one behind it, restart, and run this again"
        )
    return keyring.master.add()


def _rewrap(database: Database, keyring: Keyring) -> int:
    """Rewrap all data keys, a batch in each transaction; return their number."""
    newest, count = keyring.master.newest_id(), 0
    while True:
        with database.write() as session:
            rows = keys.wrapped_by_others(session, newest, _BATCH)
            for row in rows:
                keyring.data.rewrap(row)
                session.add(row)
        count += len(rows)
        if len(rows) < _BATCH:
            return count


def _exported(row: SigningKey) -> str:
    """Return PEM preceded by a line that identifies the key (RFC 7468 allows text there)."""
    retired = f", retired {row.retired_at.isoformat()}" if row.retired_at else ""
    public = base64.b64decode(row.public_key)
    said = f"Reelgate signing key {row.id}, made {row.created_at.isoformat()}{retired}\n"
    return f"{said}Fingerprint (SHA-256): {signing.fingerprint_of(public)}\n{signing.public_pem(public)}"
