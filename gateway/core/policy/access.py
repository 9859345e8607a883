"""Who may do what: one table from role to actions. Anything not in it is denied.

The API and the tunnel check it before anything else happens (`gateway.api.auth`).
"""

from enum import StrEnum


class Role(StrEnum):
    """A user's role."""

    OPERATOR = "operator"
    AUDITOR = "auditor"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


class Action(StrEnum):
    """Actions that can be allowed, named `noun.verb`."""

    TARGET_LIST = "target.list"
    TARGET_OPEN = "target.open"
    TARGET_MANAGE = "target.manage"
    SESSION_LIST_OWN = "session.list_own"
    SESSION_LIST = "session.list"
    SESSION_CONTROL = "session.control"
    RECORDING_LIST = "recording.list"
    RECORDING_VIEW = "recording.view"
    RECORDING_DOWNLOAD = "recording.download"
    RECORDING_SEARCH = "recording.search"
    WATCH_TERM_MANAGE = "watch_term.manage"
    FINDING_LIST = "finding.list"
    FINDING_REVIEW = "finding.review"
    STAGE_RETRY = "stage.retry"
    USER_MANAGE = "user.manage"
    RECORDING_VERIFY = "recording.verify"
    RECORDING_RESTORE = "recording.restore"
    RECORDING_EXPORT = "recording.export"
    RECORDING_PURGE = "recording.purge"
    CUSTODY_READ = "custody.read"
    HOLD_LIST = "hold.list"
    HOLD_MANAGE = "hold.manage"
    RETENTION_READ = "retention.read"
    RETENTION_MANAGE = "retention.manage"
    STORAGE_READ = "storage.read"
    STORAGE_RECONCILE = "storage.reconcile"
    AUDIT_READ = "audit.read"
    SYSTEM_READ = "system.read"


_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.OPERATOR: frozenset({Action.TARGET_LIST, Action.TARGET_OPEN, Action.SESSION_LIST_OWN}),
    Role.AUDITOR: frozenset(
        {
            Action.TARGET_LIST,
            Action.SESSION_LIST_OWN,
            Action.SESSION_LIST,
            Action.SESSION_CONTROL,
            Action.RECORDING_LIST,
            Action.RECORDING_VIEW,
            Action.RECORDING_SEARCH,
            Action.WATCH_TERM_MANAGE,
            Action.FINDING_LIST,
            Action.FINDING_REVIEW,
            Action.STAGE_RETRY,
            Action.RECORDING_VERIFY,
            Action.CUSTODY_READ,
            Action.HOLD_LIST,
            Action.HOLD_MANAGE,
        }
    ),
    Role.COMPLIANCE: frozenset(
        {
            Action.TARGET_LIST,
            Action.SESSION_LIST_OWN,
            Action.SESSION_LIST,
            Action.RECORDING_LIST,
            Action.RECORDING_VIEW,
            Action.RECORDING_DOWNLOAD,
            Action.RECORDING_SEARCH,
            Action.FINDING_LIST,
            Action.RECORDING_VERIFY,
            Action.RECORDING_RESTORE,
            Action.RECORDING_EXPORT,
            Action.RECORDING_PURGE,
            Action.CUSTODY_READ,
            Action.HOLD_LIST,
            Action.HOLD_MANAGE,
            Action.RETENTION_READ,
            Action.RETENTION_MANAGE,
            Action.STORAGE_READ,
            Action.STORAGE_RECONCILE,
            Action.AUDIT_READ,
            Action.SYSTEM_READ,
        }
    ),
    Role.ADMIN: frozenset(Action),
}


def allows(role: Role, action: Action) -> bool:
    """Whether a user with this role may do this."""
    return action in _ALLOWED[role]


def actions_of(role: Role) -> frozenset[Action]:
    """Return all actions of a role. Web pages use it to show and hide; the server decides with `allows`."""
    return _ALLOWED[role]
