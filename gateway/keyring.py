"""The keys of this installation as one process uses them; created by the first process that starts.

This module decides whether first keys may be generated at all: if recordings exist that only a missing master key
opens, a new key would hide the loss.
"""

import base64
from functools import cached_property
from typing import Final, Self

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.db.database import Database
from gateway.db.models import SigningKey
from gateway.db.repositories import keys
from gateway.keys import signing
from gateway.keys.data import DataKeys
from gateway.keys.master import LocalMasterKeys
from gateway.keys.signing import Signer
from gateway.keys.site import open_database
from gateway.settings import Settings
from gateway.targets.credentials import ensure_credential_key
from gateway.telemetry import get_logger

MAKER: Final = Actor("reelgate")
_log = get_logger()


class Keyring:
    """Data keys, master keys and signing keys."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.master = LocalMasterKeys(settings)

    @classmethod
    def open(cls, settings: Settings, database: Database) -> Self:
        """Open the keys, generating first ones if there are none, and record the public key. Not inside a transaction.

        Raises KeyMissingError if a needed key is missing.
        """
        keyring = cls(settings)
        keyring._ensure(database)
        return keyring

    @cached_property
    def data(self) -> DataKeys:
        """The recordings' keys."""
        return DataKeys(self.master)

    def signer(self) -> Signer:
        """The current signer; looked up anew for each signature, so that a rotation takes effect at once."""
        return Signer.open(self._settings)

    def _ensure(self, database: Database) -> None:
        with database.read() as session:
            in_use = keys.master_ids_in_use(session)
            registered = {row.id for row in keys.signing_keys(session)}
        if in_use:
            self.master.newest_id()  # INVARIANT: never generated if something is already wrapped; raises
        elif not self.master.ids():
            with database.write() as session:
                self._first_master(session)
        for lost in sorted(in_use - set(self.master.ids())):
            _log.error("master_key.missing", key_id=lost)
        self.master.newest_id()
        signing.trust(self._settings, self.signer().public_key)
        if self.signer().key_id not in registered:
            with database.write() as session:
                register(session, self.signer(), MAKER)

    def _first_master(self, session: Session) -> None:
        if self.master.ensure():
            record(session, AuditTag.KEY_CREATED, MAKER, subject_id=self.master.newest_id(), kind="master")


def ensure_keys(settings: Settings) -> None:
    """Generate the first keys, or check that the keys in use are there. Raises KeyMissingError, CredentialError."""
    database = open_database(settings)
    try:
        Keyring.open(settings, database)
        ensure_credential_key(settings, database)
    finally:
        database.close()


def register(session: Session, signer: Signer, actor: Actor) -> None:
    """Record a signing key's public half, unless it is recorded."""
    if session.get(SigningKey, signer.key_id) is not None:
        return
    try:
        with session.begin_nested():
            session.add(SigningKey(id=signer.key_id, public_key=base64.b64encode(signer.public_key).decode()))
    except IntegrityError:  # another process was first
        return
    record(session, AuditTag.KEY_CREATED, actor, subject_id=signer.key_id, kind="signing")
