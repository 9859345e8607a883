"""Adding accounts from outside the web pages. Callers: `reelgate user add`, the demo."""

from pydantic import ValidationError

from gateway.api.users import service
from gateway.api.users.schemas import UserNew
from gateway.audit import Actor
from gateway.core.errors import InvalidInputError
from gateway.core.policy.access import Role
from gateway.db.migrate import upgrade
from gateway.keys.site import open_database
from gateway.settings import Settings


def add_account(settings: Settings, username: str, role: Role, display_name: str, password: str) -> None:
    """Add a local account to the configured database; InvalidInputError or ConflictError when it cannot be."""
    upgrade(settings.database)
    database = open_database(settings)
    try:
        new = UserNew(username=username, display_name=display_name, role=role, password=password)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InvalidInputError(f"{first['loc'][0]}: {first['msg']}") from None
    with database.write() as session:
        service.create(session, new, Actor("command line"))
    database.close()
