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
    """A complete retention policy. A condition that is missing or null matches everything.

    `hot_days` null: the setting's value; `delete_after_days` null: never delete automatically. All days count from the
    session's end.
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
    """A change to preview. Without `policy_id`: a new policy; without `policy`: removal of that policy."""

    policy_id: Annotated[str | None, Field(max_length=64)] = None
    policy: PolicyBody | None = None


class PolicyOut(Schema):
    """A retention policy. `target_name` is the name of `target_id`; `effective_hot_days` includes the setting's default."""

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
    """One recording and its changed date (null: never)."""

    recording_id: str
    recording_kind: RecordingKind
    target_name: str
    operator_name: str
    started_at: datetime
    before: datetime | None
    after: datetime | None


class AffectedOut(Schema):
    """The number of recordings affected, the total size of their originals, and some examples."""

    count: int
    size_bytes: int
    examples: list[ExampleOut]


class EffectOut(Schema):
    """The effect of a change.

    `moved`: recordings with a changed date; `due_now`, `due_soon` (within 30 days): to be marked for purge;
    `leaving_hot`: to be read from the archive from now on. Conflicts: `held`: would be due but for a hold; `locked`:
    locked in the archive for longer than they would be kept (`before` is the lock's end); `shorter`: kept for less
    time than before, which has to be accepted when saving.
    """

    moved: AffectedOut
    due_now: AffectedOut
    due_soon: AffectedOut
    leaving_hot: AffectedOut
    held: AffectedOut
    locked: AffectedOut
    shorter: AffectedOut
