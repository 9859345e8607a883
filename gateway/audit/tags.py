"""The closed vocabulary of the audit trail: `source:subject:action`."""

from enum import StrEnum


class AuditTag(StrEnum):
    """What can have happened. Removing or renaming one would make old rows unreadable: add only."""

    SIGN_IN_SUCCEEDED = "api:sign_in:succeeded"
    SIGN_IN_FAILED = "api:sign_in:failed"
    SIGN_OUT = "api:sign_in:ended"
    USER_CREATED = "api:user:created"
    USER_CHANGED = "api:user:changed"
    TARGET_CREATED = "api:target:created"
    TARGET_CHANGED = "api:target:changed"
    TARGET_REMOVED = "api:target:removed"
    CREDENTIAL_SET = "api:credential:set"
    CREDENTIAL_REMOVED = "api:credential:removed"
    TICKET_ISSUED = "api:ticket:issued"
    SESSION_OPENED = "tunnel:session:opened"
    SESSION_CLOSED = "tunnel:session:closed"
    SESSION_REFUSED = "tunnel:session:refused"
    RECORDING_VIEWED = "api:recording:viewed"
    RECORDING_DOWNLOADED = "api:recording:downloaded"
    RECORDING_IMPORTED = "cli:recording:imported"
    RECORDINGS_SEARCHED = "api:recordings:searched"
    WATCH_TERM_CREATED = "api:watch_term:created"
    WATCH_TERM_CHANGED = "api:watch_term:changed"
    WATCH_TERM_BACKLOG_ASKED = "api:watch_term:backlog_asked"
    FINDING_REVIEWED = "api:finding:reviewed"
    RECORDING_SEALED = "worker:recording:sealed"
    RECORDING_ARCHIVED = "worker:recording:archived"
    STAGE_RETRIED = "api:stage:retried"
