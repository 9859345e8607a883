"""Every table, one a file. Importing this package fills `SQLModel.metadata`."""

from gateway.db.models.archive_object import ArchiveObject
from gateway.db.models.audit_event import AuditEvent
from gateway.db.models.credential import Credential
from gateway.db.models.finding import Finding
from gateway.db.models.gap import Gap
from gateway.db.models.gateway_node import GatewayNode
from gateway.db.models.recording import Recording
from gateway.db.models.rendition import Rendition
from gateway.db.models.segment import Segment
from gateway.db.models.session import AccessSession
from gateway.db.models.sign_in import SignIn
from gateway.db.models.span import Span
from gateway.db.models.span_text import SpanText
from gateway.db.models.stage import Stage
from gateway.db.models.target import Target
from gateway.db.models.ticket import Ticket
from gateway.db.models.user import User
from gateway.db.models.watch_term import WatchTerm

__all__ = [
    "AccessSession",
    "ArchiveObject",
    "AuditEvent",
    "Credential",
    "Finding",
    "Gap",
    "GatewayNode",
    "Recording",
    "Rendition",
    "Segment",
    "SignIn",
    "Span",
    "SpanText",
    "Stage",
    "Target",
    "Ticket",
    "User",
    "WatchTerm",
]
