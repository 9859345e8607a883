"""What must hold before a session runs, and the rows and files it begins with.

Called by the proxy of its kind, in the thread pool. Refusals are values: they are expected, and audited.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeVar

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import InvalidInputError, ReelgateError
from gateway.core.policy.access import Action, allows
from gateway.core.policy.recording import may_open
from gateway.core.recording import manifest
from gateway.core.recording.entries import Header
from gateway.core.recording.layout import recording_folder
from gateway.core.recording.testimony import Opening
from gateway.core.session import SessionState
from gateway.db.columns import new_id, utc_now
from gateway.db.models import AccessSession, Credential, Recording, Target
from gateway.db.repositories import targets, tickets, users
from gateway.db.repositories.users import SignedIn
from gateway.keys.folder import KeyMissingError
from gateway.sessions.live_state import LiveState
from gateway.sessions.recorder import Clock, Recorder, RecorderLimits
from gateway.storage.original import Attest
from gateway.targets.addresses import check_resolved
from gateway.telemetry import get_logger

Parameters = TypeVar("Parameters")
_log = get_logger()


class RefusalCause(StrEnum):
    """Why there will be no session: the word in the audit trail."""

    ORIGIN = "origin"
    SUBPROTOCOL = "subprotocol"
    ROLE = "role"
    TICKET_UNKNOWN = "ticket_unknown"
    TICKET_USED = "ticket_used"
    TICKET_EXPIRED = "ticket_expired"
    TICKET_OTHER_USER = "ticket_other_user"
    TICKET_OTHER_ADDRESS = "ticket_other_address"
    TARGET = "target"
    TARGET_ADDRESS = "target_address"
    FREE_SPACE = "free_space"
    PARAMETERS = "parameters"
    RECORDER = "recorder"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there will be no session. `text` is for people."""

    cause: RefusalCause
    text: str


@dataclass(frozen=True, slots=True)
class ProxySide(Generic[Parameters]):
    """What the proxy of a kind brings to a session.

    `clock` tells where in the recording the session is. `parameters` returns what the proxy connects with; it raises
    ReelgateError when the target's settings cannot be used.
    """

    kind: str
    clock: Clock
    parameters: Callable[[Target, Credential | None], Parameters]


@dataclass(frozen=True, slots=True)
class Opened(Generic[Parameters]):
    """A session with its rows committed and its recorder running. `parameters` contain secrets."""

    session_id: str
    recording_id: str
    target_id: str
    client_address: str
    protocol: str
    parameters: Parameters = field(repr=False)
    record_keys: bool
    recorder: Recorder


_NO_ACCESS: Final = Refusal(RefusalCause.ROLE, "your sign-in has ended, or your role does not allow sessions any more")
_NO_TARGET: Final = Refusal(RefusalCause.TARGET, "the target does not exist any more")
_DENIED_TARGET: Final = Refusal(
    RefusalCause.TARGET_ADDRESS, "the target is at an address that is not allowed; ask an administrator"
)
_MISCONFIGURED: Final = Refusal(RefusalCause.PARAMETERS, "the target's settings cannot be used")
_NO_RECORDER: Final = Refusal(RefusalCause.RECORDER, "the session cannot be recorded")


def open_session(
    state: LiveState, known: SignedIn, ticket: str, address: str, side: ProxySide[Parameters]
) -> Opened[Parameters] | Refusal:
    """Redeem the ticket and begin the session: checks, recorder, rows. Blocks.

    `address` is the client's. Raises SQLAlchemyError; then there is no session either.
    """
    actor = Actor(known.user.username, known.user.id, address)
    outcome = _try_to_open(state, known, actor, ticket, side)
    if isinstance(outcome, Refusal):
        refuse(state, actor, outcome)
    return outcome


def refuse(state: LiveState, actor: Actor, refusal: Refusal) -> None:
    """Audit that a signed-in user was refused a session. Blocks."""
    _log.warning("session.refused", cause=refusal.cause, user_id=actor.user_id)
    with state.database.write() as session:
        record(session, AuditTag.SESSION_REFUSED, actor, cause=refusal.cause)


def _try_to_open(
    state: LiveState, known: SignedIn, actor: Actor, ticket: str, side: ProxySide[Parameters]
) -> Opened[Parameters] | Refusal:
    with state.database.write() as session:
        redeemed = tickets.redeem(session, ticket, user_id=known.user.id, address=actor.address)
        if isinstance(redeemed, tickets.TicketFault):
            return Refusal(RefusalCause(f"ticket_{redeemed}"), "the ticket is used, expired or not yours: try again")
        target = targets.find(session, redeemed.target_id)
        credential = targets.credential_of(session, redeemed.target_id)
    if target is None:
        return _NO_TARGET
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
        return Refusal(RefusalCause.FREE_SPACE, decision.reason)
    try:
        parameters = side.parameters(target, credential)
    except ReelgateError as error:
        _log.error("target.rejected", target_id=target.id, reason=str(error))
        return _MISCONFIGURED
    return _begin(state, known, actor, target, side, parameters)


def _begin(
    state: LiveState, known: SignedIn, actor: Actor, target: Target, side: ProxySide[Parameters], parameters: Parameters
) -> Opened[Parameters] | Refusal:
    row, recording = _rows(state, known, actor, target, side.kind)
    header = _header(recording)
    try:
        data_key, key_row = state.keys.data.new(recording.id)
        signer = state.keys.signer()
        recorder = Recorder(
            state.settings.data_dir / recording.folder,
            header,
            _limits(state),
            Attest(data_key, signer.key_id, signer.sign),
            state.registry.disk_pool,
            side.clock,
            target.recording_policy,
        )
    except (OSError, KeyMissingError) as error:
        _log.error("recorder.lost", folder=recording.folder, detail=str(error))
        return _NO_RECORDER
    try:
        with state.database.write() as session:
            if (gone := _what_is_gone(session, known, target)) is not None:
                recorder.abandon()
                return gone
            session.add(row)
            session.flush()
            session.add(recording)
            session.flush()
            session.add(key_row)
            record(session, AuditTag.SESSION_OPENED, actor, subject_id=row.id, target_id=target.id, target=target.name)
            opening = Opening.of_header(header, recorder.header_sha256)
            record(session, AuditTag.RECORDING_OPENED, actor, subject_id=recording.id, **opening.details())
    except BaseException:
        recorder.abandon()
        raise
    return Opened(
        row.id, recording.id, target.id, actor.address, target.protocol, parameters, target.record_keys, recorder
    )


def _header(recording: Recording) -> Header:
    return Header(
        manifest.VERSION,
        recording.id,
        recording.session_id,
        recording.target_name,
        recording.operator_name,
        recording.started_at,
        recording.kind,
    )


def _what_is_gone(session: Session, known: SignedIn, target: Target) -> Refusal | None:
    """Look once more at what allows the session, in the transaction that writes it.

    INVARIANT: whoever takes that away ends the sessions that are there. It waits for this transaction, and then finds this
    one; or it came before, and there is no session.
    """
    user = users.still_signed_in(session, known)
    if user is None or not allows(user.role, Action.TARGET_OPEN):
        return _NO_ACCESS
    return None if targets.still_there(session, target.id) else _NO_TARGET


def _rows(
    state: LiveState, known: SignedIn, actor: Actor, target: Target, kind: str
) -> tuple[AccessSession, Recording]:
    user, now, recording_id = known.user, utc_now(), new_id()
    row = AccessSession(
        user_id=user.id,
        target_id=target.id,
        operator_name=user.display_name,
        target_name=target.name,
        protocol=target.protocol,
        state=SessionState.ACTIVE,
        sign_in_id=known.sign_in_id,
        client_address=actor.address,
        gateway_id=state.gateway_id,
        opened_at=now,
    )
    recording = Recording(
        id=recording_id,
        session_id=row.id,
        kind=kind,
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
