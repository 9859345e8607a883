"""Bodies of sign-in."""

from pydantic import Field

from gateway.api.schemas import Body, Schema
from gateway.core.policy.access import Action, Role
from gateway.identity.passwords import MAX_PASSWORD_LENGTH


class Credentials(Body):
    """Username and password."""

    username: str = Field(max_length=64)
    password: str = Field(max_length=MAX_PASSWORD_LENGTH)


class Me(Schema):
    """The signed-in user and the actions their role allows. For display only: the server decides for itself."""

    id: str
    username: str
    display_name: str
    role: Role
    actions: list[Action]
