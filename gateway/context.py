"""The state of one gateway process, available to routes and the tunnel as `app.state.gateway`."""

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

# Per minute and person: each trial opens a connection from inside the network to an address of their choice.
_TARGET_ATTEMPTS: Final = 10


@dataclass(frozen=True)
class GatewayState:
    """`send_job(name, *ids)` sends a job to the workers; it never fails or waits long."""

    settings: Settings
    database: Database
    gateway_id: str
    files: RecordingFiles
    send_job: Callable[..., None]

    @cached_property
    def keys(self) -> Keyring:
        """Keys of recordings and signatures. Access first outside a transaction, because this may write."""
        return Keyring.open(self.settings, self.database)

    @cached_property
    def password_checks(self) -> PasswordChecks:
        """The queue that hashes passwords."""
        return PasswordChecks()

    @cached_property
    def integrity(self) -> Integrity:
        """The result of the last check of the database file."""
        return Integrity()

    @cached_property
    def link_attempts(self) -> AttemptLimit:
        """Limits how often each address may try links."""
        return AttemptLimit()

    @cached_property
    def target_attempts(self) -> AttemptLimit:
        """Limits how often each administrator may test targets."""
        return AttemptLimit(_TARGET_ATTEMPTS)
