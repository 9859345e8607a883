"""How long recordings are kept, and what prevents erasing one. Pure: facts from rows in, decisions out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gateway.core.errors import InvalidInputError

DEFAULT_POLICY: Final = "default"
# A century: longer than any rule asks for, and far from where dates end.
MAX_DAYS: Final = 36525.0


class RiskClass(StrEnum):
    """How sensitive a target is; retention policies and other rules depend on it."""

    STANDARD = "standard"
    VENDOR = "vendor"
    DOMAIN_ADMIN = "domain_admin"
    PRODUCTION = "production"


class PurgeState(StrEnum):
    """marked: in the grace period; purging: being erased; purged: erased, with a tombstone; cancelled: kept."""

    MARKED = "marked"
    PURGING = "purging"
    PURGED = "purged"
    CANCELLED = "cancelled"


UNDER_WAY: Final = (PurgeState.MARKED, PurgeState.PURGING)


@dataclass(frozen=True, slots=True)
class Policy:
    """A retention policy. A condition that is None matches everything. All periods are in days."""

    id: str
    name: str
    retain_for_days: float
    delete_after_days: float | None
    target_id: str | None = None
    target_group: str | None = None
    risk_class: RiskClass | None = None
    hot_days: float | None = None
    object_lock: bool = False

    @property
    def conditions(self) -> tuple[str | None, str | None, RiskClass | None]:
        """The policy's conditions; no two policies have the same."""
        return self.target_id, self.target_group, self.risk_class

    @property
    def precision(self) -> tuple[bool, bool, bool]:
        """Greater is more specific: a target before a group before a risk class."""
        by_target, by_group, by_class = (condition is not None for condition in self.conditions)
        return by_target, by_group, by_class


@dataclass(frozen=True, slots=True)
class Subject:
    """The properties of a recording that select its policy."""

    target_id: str | None
    target_group: str
    risk_class: RiskClass


@dataclass(frozen=True, slots=True)
class Dates:
    """`retain_until_at`: no purge before this time; `purge_after_at`: marked for purge then (None: never automatically)."""

    retain_until_at: datetime
    purge_after_at: datetime | None


def chosen(policies: Iterable[Policy], subject: Subject) -> Policy:
    """Return the most specific policy that matches. Raises LookupError without the default one, which always exists."""
    fitting = [policy for policy in policies if _fits(policy, subject)]
    if not fitting:
        raise LookupError("there is no default retention policy")
    return max(fitting, key=lambda policy: policy.precision)


def _fits(policy: Policy, subject: Subject) -> bool:
    return (
        policy.target_id in {None, subject.target_id}
        and policy.target_group in {None, subject.target_group}
        and policy.risk_class in {None, subject.risk_class}
    )


def dates(policy: Policy, ended_at: datetime) -> Dates:
    """Return the dates, counted from the session's end (UTC)."""
    purge_after_at = None
    if policy.delete_after_days is not None:
        purge_after_at = ended_at + timedelta(days=max(policy.delete_after_days, policy.retain_for_days))
    return Dates(ended_at + timedelta(days=policy.retain_for_days), purge_after_at)


def changed(policies: Sequence[Policy], policy_id: str, new: Policy | None) -> list[Policy]:
    """Return the policies with `new` added or replacing the one with that id; None removes it.

    Raises InvalidInputError, saying what would be accepted.
    """
    others = [policy for policy in policies if policy.id != policy_id]
    if new is None:
        if policy_id == DEFAULT_POLICY:
            raise InvalidInputError("the default policy cannot be removed; change it instead")
        return others
    _check(new, others)
    return [*others, new]


def _check(new: Policy, others: Sequence[Policy]) -> None:
    if new.delete_after_days is not None and new.delete_after_days < new.retain_for_days:
        raise InvalidInputError(
            "recordings cannot be deleted during their retention: set delete after to at least keep for"
        )
    has_condition = any(new.precision)
    if new.id == DEFAULT_POLICY and has_condition:
        raise InvalidInputError("the default policy applies to everything: remove its conditions")
    if new.id != DEFAULT_POLICY and not has_condition:
        raise InvalidInputError("set at least one condition: a target, a group or a risk class")
    same = next((policy for policy in others if policy.conditions == new.conditions), None)
    if same is not None:
        raise InvalidInputError(f"the policy {same.name} already has these conditions; change that one")


@dataclass(frozen=True, slots=True)
class PurgeContext:
    """The facts that decide whether a recording may be erased. `busy_with`: what is working on it, empty for nothing.

    `held_for` names its holds (case numbers or reasons), `locked_until_at` is the longest lock of its archived objects.
    """

    is_open: bool = False
    busy_with: str = ""
    held_for: tuple[str, ...] = ()
    retain_until_at: datetime | None = None
    policy_name: str = ""
    locked_until_at: datetime | None = None
    legal_hold: bool = False


class ObstacleKind(StrEnum):
    """What can prevent erasing a recording."""

    OPEN = "open"
    BUSY = "busy"
    HELD = "held"
    RETAINED = "retained"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One obstacle to erasing a recording, with a text that says what to do or wait for."""

    kind: ObstacleKind
    text: str


def obstacles(context: PurgeContext, now: datetime) -> list[Obstacle]:
    """Return everything that prevents erasing the recording now; it may be erased only if this is empty."""
    return [Obstacle(kind, text) for kind, text in _all_obstacles(context, now) if text]


def _all_obstacles(context: PurgeContext, now: datetime) -> list[tuple[ObstacleKind, str]]:
    return [
        (ObstacleKind.OPEN, "its session has not ended yet" if context.is_open else ""),
        (ObstacleKind.BUSY, f"it is being processed ({context.busy_with})" if context.busy_with else ""),
        (ObstacleKind.HELD, f"it is on hold: {', '.join(context.held_for)}" if context.held_for else ""),
        (ObstacleKind.RETAINED, _retained(context, now)),
        (ObstacleKind.LOCKED, _locked(context, now)),
    ]


def _retained(context: PurgeContext, now: datetime) -> str:
    until = context.retain_until_at
    if until is None or until <= now:
        return ""
    return f"the retention policy {context.policy_name} keeps it until {until:%Y-%m-%d %H:%M} UTC"


def _locked(context: PurgeContext, now: datetime) -> str:
    until = context.locked_until_at
    if until is not None and until > now:
        return f"its archived objects are locked until {until:%Y-%m-%d %H:%M} UTC, and nobody can shorten the lock"
    return "its archived objects still have a legal hold" if context.legal_hold else ""
