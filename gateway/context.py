"""What one gateway process holds for its lifetime, handed to routes and to the tunnel as `app.state.gateway`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gateway.db.database import Database
from gateway.db.integrity import Integrity
from gateway.exports.attempts import AttemptLimit
from gateway.identity.password_checks import PasswordChecks
from gateway.keyring import Keyring
from gateway.settings import Settings
from gateway.storage.files import RecordingFiles

# A minute, by one person: each opens a connection from inside the network to wherever a target points.
_TARGET_ATTEMPTS: Final = 10


@dataclass(frozen=True)
class GatewayState:
    """`send_job(name, *ids)` hands a job to the workers and never fails or waits long."""

    settings: Settings
    database: Database
    gateway_id: str
    files: RecordingFiles
    send_job: Callable[..., None]

    @cached_property
    def keys(self) -> Keyring:
        """Keys of recordings and signatures. First asked for outside a transaction: it may write."""
        return Keyring.open(self.settings, self.database)

    @cached_property
    def password_checks(self) -> PasswordChecks:
        """Where passwords are hashed."""
        return PasswordChecks()

    @cached_property
    def integrity(self) -> Integrity:
        """Whether the database's file was found whole."""
        return Integrity()

    @cached_property
    def link_attempts(self) -> AttemptLimit:
        """How often each address has tried links."""
        return AttemptLimit()

    @cached_property
    def target_attempts(self) -> AttemptLimit:
        """How often each administrator has tried a target's connection."""
        return AttemptLimit(_TARGET_ATTEMPTS)
