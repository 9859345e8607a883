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
    """Sign-in attempts that are refused at the moment. `username` is None where no account has the tried name.

    `scope`: address (whatever name is tried from there), name (slowed down, wherever from), pair (one name from one
    address). An IPv6 address is the network of its /64.
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
    """What changes; fields left out stay. A disabled user, or one with a new password or role, is signed out."""

    display_name: DisplayName | None = None
    role: Role | None = None
    password: Password | None = None
    disabled: bool | None = None
