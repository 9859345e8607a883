"""Every table, one a file. Importing this package fills `SQLModel.metadata`."""

from gateway.db.models.archive_check import ArchiveCheck
from gateway.db.models.archive_object import ArchiveObject
from gateway.db.models.audit_check import AuditCheck
from gateway.db.models.audit_checkpoint import AuditCheckpoint
from gateway.db.models.audit_event import AuditEvent
from gateway.db.models.audit_mention import AuditMention
from gateway.db.models.credential import Credential
from gateway.db.models.discrepancy import Discrepancy
from gateway.db.models.export import Export, ExportLink
from gateway.db.models.finding import Finding
from gateway.db.models.gap import Gap
from gateway.db.models.gateway_node import GatewayNode
from gateway.db.models.hold import Hold
from gateway.db.models.purge import Purge, Tombstone
from gateway.db.models.recording import Recording
from gateway.db.models.recording_key import RecordingKey
from gateway.db.models.rendition import Rendition
from gateway.db.models.retention_policy import RetentionPolicy
from gateway.db.models.segment import Segment
from gateway.db.models.session import AccessSession
from gateway.db.models.session_command import SessionCommand
from gateway.db.models.sign_in import SignIn
from gateway.db.models.sign_in_attempts import AttemptScope, SignInAttempts
from gateway.db.models.signing_key import SigningKey
from gateway.db.models.span import Span
from gateway.db.models.span_text import SpanText
from gateway.db.models.stage import Stage
from gateway.db.models.storage_sample import StorageSample
from gateway.db.models.target import Target
from gateway.db.models.task import Task
from gateway.db.models.ticket import Ticket
from gateway.db.models.user import User
from gateway.db.models.verification import Verification
from gateway.db.models.watch_term import WatchTerm

__all__ = [
    "AccessSession",
    "ArchiveCheck",
    "ArchiveObject",
    "AttemptScope",
    "AuditCheck",
    "AuditCheckpoint",
    "AuditEvent",
    "AuditMention",
    "Credential",
    "Discrepancy",
    "Export",
    "ExportLink",
    "Finding",
    "Gap",
    "GatewayNode",
    "Hold",
    "Purge",
    "Recording",
    "RecordingKey",
    "Rendition",
    "RetentionPolicy",
    "Segment",
    "SessionCommand",
    "SignIn",
    "SignInAttempts",
    "SigningKey",
    "Span",
    "SpanText",
    "Stage",
    "StorageSample",
    "Target",
    "Task",
    "Ticket",
    "Tombstone",
    "User",
    "Verification",
    "WatchTerm",
]
