"""Bodies of sign-in."""

from pydantic import Field

from gateway.api.schemas import Body, Schema
from gateway.core.policy.access import Action, Role
from gateway.identity.passwords import MAX_PASSWORD_LENGTH


class Credentials(Body):
    """What a person types to sign in."""

    username: str = Field(max_length=64)
    password: str = Field(max_length=MAX_PASSWORD_LENGTH)


class Me(Schema):
    """The signed-in user and what the role allows; pages show and hide by it, the server decides by itself."""

    id: str
    username: str
    display_name: str
    role: Role
    actions: list[Action]
