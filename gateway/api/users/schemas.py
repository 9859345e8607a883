"""Bodies of user administration."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from gateway.api.schemas import Body, Schema
from gateway.core.policy.access import Role
from gateway.db.models import AttemptScope
from gateway.identity.passwords import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH

Username = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")
]
DisplayName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[str, Field(min_length=MIN_PASSWORD_LENGTH, max_length=MAX_PASSWORD_LENGTH)]


class UserOut(Schema):
    """An account."""

    id: str
    username: str
    display_name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None


class LockoutOut(Schema):
    """Sign-in attempts that are refused at the moment. `username` is None if no account has that name.

    `scope`: address (any name from that address), name (slowed down, from any address) or pair (one name from one
    address). An IPv6 address stands for its /64 network.
    """

    id: str
    scope: AttemptScope
    username: str | None
    address: str | None
    failure_count: int
    refused_count: int
    until: datetime


class UserNew(Body):
    """A new account."""

    username: Username
    display_name: DisplayName
    role: Role
    password: Password


class UserChange(Body):
    """Fields to change; missing fields stay as they are. Disabling, a new password or a new role signs the user out."""

    display_name: DisplayName | None = None
    role: Role | None = None
    password: Password | None = None
    disabled: bool | None = None
