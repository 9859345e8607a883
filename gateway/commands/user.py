"""`reelgate user`: manage local accounts, even if every administrator has lost their password."""

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError
from sqlmodel import Session

from gateway.api.users.schemas import UserChange
from gateway.commands.accounts import add_account
from gateway.commands.arguments import AsJson, name_argument, text_argument
from gateway.commands.opened import command_actor, command_settings, make_data_folder, opened
from gateway.commands.output import say, say_json, say_table
from gateway.core.errors import InvalidInputError, NotFoundError
from gateway.core.policy.access import Role
from gateway.db.models import User
from gateway.db.repositories import users
from gateway.identity import users as service
from gateway.identity.passwords import hash_password
from gateway.identity.users import UserChanges

user_app = typer.Typer(help="Local accounts.", no_args_is_help=True)

# Far above the longest password; a larger file is not a password file.
_MOST_BYTES: Final = 4096

Username = Annotated[str, typer.Argument(help="The user name to sign in with.", parser=text_argument)]
PasswordFile = Annotated[
    Path | None, typer.Option(help="File with the password, - for standard input; default: prompt.")
]


@user_app.command("add")
def add(
    username: Username,
    role: Annotated[Role, typer.Option(help="The account's role.")],
    display_name: Annotated[
        str | None, typer.Option(help="Displayed name; default: the user name.", metavar="NAME", parser=name_argument)
    ] = None,
    password_file: PasswordFile = None,
) -> None:
    """Add a local account; creates the database if there is none."""
    password = _password(password_file)
    settings = command_settings()
    make_data_folder(settings)
    add_account(settings, username, role, display_name or username, password, command_actor())
    say(f"user {username.strip().lower()} was added as {role}")


@user_app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List all accounts."""
    with opened() as (_settings, database), database.read() as session:
        rows = users.all_users(session)
    if as_json:
        say_json([_fields(user) for user in rows])
        return
    say_table(
        ("username", "role", "state", "created", "name"),
        [(user.username, user.role, _state(user), f"{user.created_at:%Y-%m-%d}", user.display_name) for user in rows],
    )


@user_app.command("passwd")
def passwd(username: Username, password_file: PasswordFile = None) -> None:
    """Set an account's password and end its sign-ins."""
    with opened() as (_settings, database):
        with database.read() as session:
            _find(session, username)
        password = _password(password_file)
        with database.write() as session:
            _change(session, username, password=password)
    say(f"{username} has a new password, and was signed out everywhere")


@user_app.command("disable")
def disable(username: Username) -> None:
    """Disable an account and end its sign-ins."""
    with opened() as (_settings, database), database.write() as session:
        _change(session, username, disabled=True)
    say(f"{username} is disabled")


@user_app.command("enable")
def enable(username: Username) -> None:
    """Enable a disabled account."""
    with opened() as (_settings, database), database.write() as session:
        _change(session, username, disabled=False)
    say(f"{username} is enabled")


def _find(session: Session, username: str) -> User:
    user = users.by_username(session, username)
    if user is None:
        raise NotFoundError(f"there is no user {username}; list users with: reelgate user list")
    return user


def _change(session: Session, username: str, **changes: Any) -> None:
    try:
        wanted = UserChange(**changes)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InvalidInputError(f"{first['loc'][0]}: {first['msg']}") from None
    wanted_changes = UserChanges(
        password_hash=None if wanted.password is None else hash_password(wanted.password), disabled=wanted.disabled
    )
    service.change(session, _find(session, username).id, wanted_changes, command_actor())


def _password(source: Path | None) -> str:
    if source is None:
        answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return answer
    try:
        if str(source) == "-":
            read = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with source.open("rb") as file:
                read = file.read(_MOST_BYTES + 1)
        if len(read) > _MOST_BYTES:
            raise InvalidInputError(f"{source} is too large for a password")
        return read.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"the password in {source} is not UTF-8 text") from error


def _state(user: User) -> str:
    return "enabled" if user.disabled_at is None else f"disabled {user.disabled_at:%Y-%m-%d}"


def _fields(user: User) -> dict[str, Any]:
    return user.model_dump(exclude={"password_hash"})
