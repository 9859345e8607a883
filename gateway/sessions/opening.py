"""What must hold before a session runs, and the rows and files it begins with.

Callers: `gateway.proxies.desktop.endpoint`, in the thread pool. Refusals are values: they are expected, and audited.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.audit import Actor, AuditTag, record
from gateway.core.desktop.guac.status import GuacStatus
from gateway.core.errors import InvalidInputError, ReelgateError
from gateway.core.policy.recording import may_open
from gateway.core.recording import manifest
from gateway.core.recording.entries import Header
from gateway.core.recording.layout import recording_folder
from gateway.core.recording.testimony import Opening
from gateway.core.session import SessionState
from gateway.db.columns import new_id, utc_now
from gateway.db.models import AccessSession, Credential, Recording, Target, User
from gateway.db.repositories import sessions, tickets
from gateway.keys.folder import KeyMissingError
from gateway.sessions.live_state import LiveState
from gateway.sessions.recorder import Clock, Recorder, RecorderLimits
from gateway.settings import Settings
from gateway.storage.original import Attest
from gateway.targets.addresses import check_resolved
from gateway.targets.credentials import CredentialVault
from gateway.targets.protocols import checked_parameters, server_layout
from gateway.telemetry import get_logger

_CLIENT_NAME: Final = "Reelgate"
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there will be no session: a Guacamole status for the browser, a short word for the trail, text for people."""

    status: GuacStatus
    cause: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with its rows committed and its recorder running. `parameters` are guacd's, secrets included."""

    session_id: str
    recording_id: str
    target_id: str
    protocol: str
    parameters: Mapping[str, str] = field(repr=False)
    record_keys: bool
    recorder: Recorder


_BAD_TICKET: Final = Refusal(
    GuacStatus.CLIENT_FORBIDDEN, "ticket", "the ticket is used, expired or not yours: try again"
)
_NO_TARGET: Final = Refusal(GuacStatus.RESOURCE_NOT_FOUND, "target", "the target does not exist any more")
_DENIED_TARGET: Final = Refusal(
    GuacStatus.CLIENT_FORBIDDEN,
    "target_address",
    "the target is at an address that is not allowed; ask an administrator",
)
_MISCONFIGURED: Final = Refusal(GuacStatus.SERVER_ERROR, "parameters", "the target's settings cannot be used")
_NO_RECORDER: Final = Refusal(GuacStatus.SERVER_ERROR, "recorder", "the session cannot be recorded")


def open_session(
    state: LiveState, user: User, ticket: str, address: str, keyboard: str, clock: Clock
) -> Opened | Refusal:
    """Redeem the ticket and begin the session: checks, recorder, rows, in this task. Blocks."""
    actor = Actor(user.username, user.id, address)
    outcome = _try_to_open(state, user, actor, ticket, keyboard, clock)
    if isinstance(outcome, Refusal):
        refuse(state, actor, outcome)
    return outcome


def refuse(state: LiveState, actor: Actor, refusal: Refusal) -> None:
    """Write down that a signed-in user was refused. Blocks."""
    _log.warning("session.refused", cause=refusal.cause, user_id=actor.user_id)
    with state.database.write() as session:
        record(session, AuditTag.SESSION_REFUSED, actor, cause=refusal.cause)


def _try_to_open(
    state: LiveState, user: User, actor: Actor, ticket: str, keyboard: str, clock: Clock
) -> Opened | Refusal:
    with state.database.write() as session:
        redeemed = tickets.redeem(session, ticket, user_id=user.id, address=actor.address)
        if isinstance(redeemed, tickets.TicketFault):
            return Refusal(_BAD_TICKET.status, f"ticket_{redeemed}", _BAD_TICKET.text)
        found = sessions.open_target(session, redeemed.target_id)
    if found is None:
        return _NO_TARGET
    target, credential = found
    try:
        check_resolved(state.settings, target.host)
    except InvalidInputError as error:
        _log.warning("target.denied", target_id=target.id, reason=str(error))
        return _DENIED_TARGET
    # INVARIANT: what cannot be recorded is not opened.
    decision = may_open(
        free_bytes=shutil.disk_usage(state.settings.data_dir).free, floor_bytes=state.settings.free_space_floor_bytes
    )
    if not decision.allows:
        return Refusal(GuacStatus.SERVER_BUSY, "free_space", decision.reason)
    try:
        parameters = guacd_parameters(state.settings, target, credential, keyboard)
    except ReelgateError as error:
        _log.error("target.unusable", target_id=target.id, reason=str(error))
        return _MISCONFIGURED
    return _begin(state, user, actor, target, parameters, clock)


def _begin(
    state: LiveState, user: User, actor: Actor, target: Target, parameters: Mapping[str, str], clock: Clock
) -> Opened | Refusal:
    row, recording = _rows(state, user, actor, target)
    header = Header(
        manifest.VERSION,
        recording.id,
        row.id,
        recording.target_name,
        recording.operator_name,
        recording.started_at,
        recording.kind,
    )
    try:
        data_key, key_row = state.keys.data.new(recording.id)
        signer = state.keys.signer()
        recorder = Recorder(
            state.settings.data_dir / recording.folder,
            header,
            _limits(state),
            Attest(data_key, signer.key_id, signer.sign),
            state.registry.disk_pool,
            clock,
            target.recording_policy,
        )
    except (OSError, KeyMissingError) as error:
        _log.error("recorder.lost", folder=recording.folder, detail=str(error))
        return _NO_RECORDER
    try:
        with state.database.write() as session:
            session.add(row)
            session.flush()
            session.add(recording)
            session.flush()
            session.add(key_row)
            record(session, AuditTag.SESSION_OPENED, actor, subject_id=row.id, target_id=target.id, target=target.name)
            opening = Opening(row.id, header.target, header.operator, header.started_at, recorder.header_sha256)
            record(session, AuditTag.RECORDING_OPENED, actor, subject_id=recording.id, **opening.details())
    except BaseException:
        recorder.abandon()
        raise
    return Opened(row.id, recording.id, target.id, target.protocol, parameters, target.record_keys, recorder)


def _rows(state: LiveState, user: User, actor: Actor, target: Target) -> tuple[AccessSession, Recording]:
    now, recording_id = utc_now(), new_id()
    row = AccessSession(
        user_id=user.id,
        target_id=target.id,
        operator_name=user.display_name,
        target_name=target.name,
        protocol=target.protocol,
        state=SessionState.ACTIVE,
        client_address=actor.address,
        gateway_id=state.gateway_id,
        opened_at=now,
    )
    recording = Recording(
        id=recording_id,
        session_id=row.id,
        folder=recording_folder(recording_id, now),
        gateway_id=state.gateway_id,
        target_id=target.id,
        target_name=target.name,
        operator_id=user.id,
        operator_name=user.display_name,
        protocol=target.protocol,
        keys_recorded=target.record_keys,
        index_text=target.index_text,
        target_group=target.target_group,
        risk_class=target.risk_class,
        started_at=now,
    )
    return row, recording


def _limits(state: LiveState) -> RecorderLimits:
    settings = state.settings
    return RecorderLimits(
        settings.segment_bytes,
        settings.segment_seconds,
        settings.fsync_seconds,
        reserve_bytes=settings.free_space_reserve_bytes,
    )


def guacd_parameters(
    settings: Settings, target: Target, credential: Credential | None, keyboard: str = ""
) -> dict[str, str]:
    """Return guacd's parameters: the target's, checked again, with address, credential, keyboard. Raises ReelgateError."""
    parameters = checked_parameters(target.protocol, target.parameters)
    if target.protocol == "rdp":
        parameters.setdefault("client-name", _CLIENT_NAME)
        parameters.setdefault("server-layout", server_layout(keyboard))
    parameters |= {"hostname": target.host, "port": str(target.port)}
    if credential is not None:
        secret = CredentialVault.open(settings).decrypt(credential.encrypted_secret)
        parameters |= {"username": credential.username, "password": secret}
    return parameters
