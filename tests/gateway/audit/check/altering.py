"""What somebody who owns the database can do to the trail."""

import base64

from sqlalchemy import bindparam, text
from sqlmodel import col, select

from gateway.audit import Actor, AuditTag, check, record
from gateway.audit.trail import event_hash
from gateway.core.trail import BreakKind
from gateway.db.columns import JsonColumn, UtcDateTime
from gateway.db.database import Database
from gateway.db.models import AuditEvent
from gateway.keys.signing import Signer
from tests.parts.database import without_triggers

ANN = Actor("ann", "id-1", "127.0.0.1")


def append(database: Database, count: int) -> None:
    for number in range(count):
        with database.write() as session:
            record(session, AuditTag.SIGN_OUT, ANN, number=number, text="naïve ✓", share=0.25)


def alter(database: Database, *statements: str) -> None:
    """As somebody does who owns the database: what refuses is taken away first."""
    with database.write() as session:
        without_triggers(session)
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def remake(
    database: Database, event_id: int, *, until: int | None = None, signer: Signer | None = None, **columns: str
) -> None:
    """Change an event and make its hash anew, and those of all events behind it up to `until`.

    `signer`: somebody who has the key makes their signatures anew as well.
    """
    with database.read() as session:
        query = select(AuditEvent).where(col(AuditEvent.id) >= event_id).order_by(col(AuditEvent.id))
        rows = [row.model_dump() for row in session.exec(query) if row.id is not None and row.id <= (until or event_id)]
    statements = []
    rows[0] |= columns
    for before, row in zip([None, *rows], rows, strict=False):
        row["previous_hash"] = before["hash"] if before else row["previous_hash"]
        row["hash"] = event_hash(row)
        if signer is not None:
            signature = signer.sign(b"reelgate audit event v1\n" + row["hash"].encode())
            row["signature"] = base64.b64encode(signature).decode()
        changed = ("actor_name", "previous_hash", "hash", "signature")
        values = ", ".join(f"{name} = '{row[name]}'" for name in changed)
        statements.append(f"UPDATE audit_events SET {values} WHERE id = {row['id']}")  # noqa: S608
    alter(database, *statements)


COPY = (
    "INSERT INTO audit_events (id, at, tag, actor_id, actor_name, address, subject_id, details, previous_hash, hash, key_id, signature)"
    " SELECT {new}, at, tag, actor_id, actor_name, address, subject_id, details, previous_hash, hash, key_id, signature"
    " FROM audit_events WHERE id = {old}"
)


def found(database: Database, signer: Signer) -> tuple[BreakKind | None, int | None]:
    row = check.check(database, signer, "ann")
    return row.broken_kind, row.broken_event_id


def forge(database: Database, actor: str, *, signer: Signer | None = None) -> None:
    """Append an event that nobody caused, as the database's owner does: with a right hash."""
    with database.read() as session:
        last = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    row = last.model_dump() | {"previous_hash": last.hash, "actor_name": actor, "key_id": "", "signature": ""}
    row["hash"] = event_hash(row)
    if signer is not None:
        signature = signer.sign(b"reelgate audit event v1\n" + row["hash"].encode())
        row |= {"key_id": signer.key_id, "signature": base64.b64encode(signature).decode()}
    names = [name for name in row if name != "id"]
    insert = text(f"INSERT INTO audit_events ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})")  # noqa: S608
    insert = insert.bindparams(bindparam("details", type_=JsonColumn), bindparam("at", type_=UtcDateTime))
    with database.write() as session:
        session.connection().execute(insert, row)
