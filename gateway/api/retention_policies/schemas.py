"""Bodies of retention policies."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from gateway.api.schemas import Body, RecordingKind, Schema
from gateway.core.policy.retention import MAX_DAYS, RiskClass
from gateway.search.tokens import clean

PolicyName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(clean)
]
Days = Annotated[float, Field(ge=0, le=MAX_DAYS, allow_inf_nan=False)]


class PolicyBody(Body):
    """A retention policy, whole: a condition left out or null fits everything, `hot_days` null takes the setting's.

    `delete_after_days` null: never by itself. All count from the session's end.
    """

    name: PolicyName
    target_id: Annotated[str | None, Field(max_length=64)] = None
    target_group: PolicyName | None = None
    risk_class: RiskClass | None = None
    hot_days: Days | None = None
    retain_for_days: Days
    delete_after_days: Days | None = None
    object_lock: bool = False


class PolicySave(PolicyBody):
    """The policy to save. `accept_shorter` must be true where recordings would be kept for less than was promised."""

    accept_shorter: bool = False


class PolicyTrial(Body):
    """A change to try out. Without `policy_id`: a new policy; without `policy`: the one of that id removed."""

    policy_id: Annotated[str | None, Field(max_length=64)] = None
    policy: PolicyBody | None = None


class PolicyOut(Schema):
    """A retention policy. `target_name` goes with `target_id`; `effective_hot_days` is what `hot_days` comes to."""

    id: str
    name: str
    target_id: str | None
    target_name: str | None
    target_group: str | None
    risk_class: RiskClass | None
    hot_days: float | None
    effective_hot_days: float
    retain_for_days: float
    delete_after_days: float | None
    object_lock: bool
    created_at: datetime
    updated_at: datetime


class ExampleOut(Schema):
    """One recording, and the date that moves (null: never)."""

    recording_id: str
    recording_kind: RecordingKind
    target_name: str
    operator_name: str
    started_at: datetime
    before: datetime | None
    after: datetime | None


class AffectedOut(Schema):
    """How many recordings, the size of their originals together, and some of them."""

    count: int
    size_bytes: int
    examples: list[ExampleOut]


class EffectOut(Schema):
    """What a change would do.

    `moved`: recordings with any other date; `due_now`, `due_soon` (within 30 days): marked for purge, with its grace
    period; `leaving_hot`: read from the archive from now on. Conflicts: `held` would be due but for a hold; `locked`: in the archive for longer than it would be kept (`before` is
    the lock's end); `shorter`: kept for less than was promised, which saving asks to be accepted.
    """

    moved: AffectedOut
    due_now: AffectedOut
    due_soon: AffectedOut
    leaving_hot: AffectedOut
    held: AffectedOut
    locked: AffectedOut
    shorter: AffectedOut
