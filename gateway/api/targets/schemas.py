"""Bodies of targets, credentials, tickets and protocol forms."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.api.schemas import Body, Schema
from gateway.core.policy.recording import RecordingPolicy
from gateway.core.policy.retention import RiskClass
from gateway.proxies.desktop.trial import SignIn
from gateway.targets.reach import Reach

TargetName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
# A host name or address: no spaces, slashes or control characters reach guacd.
Host = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9._:\[\]-]{1,253}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Parameters = Annotated[dict[str, Annotated[str, Field(max_length=2000)]], Field(max_length=100)]
# A free-form group name that retention policies match.
TargetGroup = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Secret = Annotated[str, Field(max_length=4000)]


class CredentialIn(Body):
    """A credential for the target. The secret is stored encrypted and never returned."""

    username: str = Field(default="", max_length=256)
    secret: Secret


class CredentialOut(Schema):
    """A credential without its secret."""

    username: str
    updated_at: datetime


class TargetOut(Schema):
    """A target. Its address and parameters are shown only to roles that manage targets."""

    id: str
    name: str
    protocol: str
    record_keys: bool
    recording_policy: RecordingPolicy
    index_text: bool
    target_group: str
    risk_class: RiskClass
    created_at: datetime
    host: str | None
    port: int | None
    parameters: dict[str, str] | None
    credential: CredentialOut | None


class TargetNew(Body):
    """A new target."""

    name: TargetName
    protocol: str = Field(max_length=16)
    host: Host
    port: Port
    parameters: Parameters = Field(default_factory=dict)
    record_keys: bool = True
    recording_policy: RecordingPolicy = RecordingPolicy.STRICT
    index_text: bool = True
    target_group: TargetGroup = ""
    risk_class: RiskClass = RiskClass.STANDARD
    credential: CredentialIn | None = None


class TargetChange(Body):
    """Fields to change; missing fields stay as they are."""

    name: TargetName | None = None
    host: Host | None = None
    port: Port | None = None
    parameters: Parameters | None = None
    record_keys: bool | None = None
    recording_policy: RecordingPolicy | None = None
    index_text: bool | None = None
    target_group: TargetGroup | None = None
    risk_class: RiskClass | None = None


class ClipboardOut(Schema):
    """What may pass between the clipboards of browser and target."""

    may_copy: bool
    may_paste: bool
    encoding: Literal["ISO8859-1", "UTF-8", "UTF-16", "CP1252"]


class TicketOut(Schema):
    """A one-time grant for the signed-in user to open the target within seconds."""

    ticket: str
    expires_at: datetime
    tunnel_path: str
    clipboard: ClipboardOut


class TrialOut(Schema):
    """The result of a trial: reaching the address, then signing in."""

    reach: Reach
    sign_in: SignIn
    in_use: bool = Field(description="a session is running there, so that no sign-in was tried")
    duration_ms: int
