"""What a gateway leaves that was killed while one of its sessions ran: rows, keys, files, and nothing that closed them."""

import math
from datetime import timedelta

from gateway.audit import Actor, AuditTag, record
from gateway.core.policy.access import Role
from gateway.core.recording.entries import Header, Writer
from gateway.core.recording.layout import recording_folder
from gateway.core.recording.manifest import VERSION
from gateway.core.recording.testimony import Opening
from gateway.core.session import SessionState
from gateway.db.columns import new_id, utc_now
from gateway.db.models import AccessSession, GatewayNode, Recording, Target, User
from gateway.keys.data_key import DataKey
from gateway.storage.original import Attest, OriginalLimits, OriginalWriter
from workers.running.work import WorkerContext

_GATEWAY = "gone"


def lose_gateway(context: WorkerContext) -> Recording:
    """The open recording of a session whose gateway was killed an hour ago, before anything was shown."""
    long_ago, recording_id = utc_now() - timedelta(hours=1), new_id()
    user = User(username="olga", display_name="Olga", role=Role.OPERATOR, password_hash="x")
    target = Target(name="lab", protocol="vnc", host="127.0.0.1", port=5900)
    left = AccessSession(
        user_id=user.id,
        target_id=target.id,
        operator_name=user.display_name,
        target_name=target.name,
        protocol=target.protocol,
        state=SessionState.ACTIVE,
        client_address="127.0.0.1",
        gateway_id=_GATEWAY,
        opened_at=long_ago,
    )
    recording = Recording(
        id=recording_id,
        session_id=left.id,
        folder=recording_folder(recording_id, long_ago),
        target_name=target.name,
        operator_name=user.display_name,
        started_at=long_ago,
    )
    data_key, key_row = context.keys.data.new(recording.id)
    opening = _begin_original(context, recording, data_key)
    gateway = GatewayNode(id=_GATEWAY, started_at=long_ago, heartbeat_at=long_ago)
    with context.database.write() as session:
        for rows in ([user, target, gateway], [left], [recording], [key_row]):
            session.add_all(rows)
            session.flush()
        record(session, AuditTag.RECORDING_OPENED, Actor(user.username), subject_id=recording.id, **opening.details())
    return recording


def _begin_original(context: WorkerContext, recording: Recording, data_key: DataKey) -> Opening:
    header = Header(
        VERSION,
        recording.id,
        recording.session_id,
        recording.target_name,
        recording.operator_name,
        recording.started_at,
        recording.kind,
    )
    signer = context.keys.signer()
    writer = OriginalWriter(
        context.files.folder(recording),
        header,
        OriginalLimits(1, math.inf),
        Attest(data_key, signer.key_id, signer.sign),
        Writer.GATEWAY,
    )
    writer.abandon()
    return Opening.of_header(header, writer.header_sha256)
