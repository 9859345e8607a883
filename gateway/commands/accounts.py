"""Create accounts from the command line: `reelgate user add`."""

from contextlib import closing

from pydantic import ValidationError

from gateway.api.users.schemas import UserNew
from gateway.audit import Actor
from gateway.core.errors import InvalidInputError
from gateway.core.policy.access import Role
from gateway.db.migrate import upgrade
from gateway.identity.passwords import hash_password
from gateway.identity.users import NewUser, create
from gateway.keys.site import open_database
from gateway.settings import Settings

_ACTOR = Actor("command line")


def add_account(
    settings: Settings, username: str, role: Role, display_name: str, password: str, actor: Actor = _ACTOR
) -> None:
    """Add a local account to the configured database. Raises InvalidInputError or ConflictError."""
    try:
        new = UserNew(username=username, display_name=display_name, role=role, password=password)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InvalidInputError(f"{first['loc'][0]}: {first['msg']}") from None
    made = NewUser(new.username, new.display_name, new.role, hash_password(new.password))
    upgrade(settings.database)
    with closing(open_database(settings)) as database, database.write() as session:
        create(session, made, actor)
