"""The `reelgate` program. Commands of the workers join through the entry-point group `reelgate.commands`.

What is wanted quickly is also in the group `reelgate.alone`: it runs without the modules of all other commands (the
database's alone take half a second to load), which is why what is large is imported where it is used here.
"""

import atexit
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.core.errors import ReelgateError
from gateway.core.policy.access import Role

if TYPE_CHECKING:
    from gateway.settings import Settings

app = typer.Typer(
    name="reelgate",
    help="Session recording gateway for privileged access.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
user_app = typer.Typer(help="Local accounts.", no_args_is_help=True)
app.add_typer(user_app, name="user")

Host = Annotated[str | None, typer.Option(help="Address to listen on (REELGATE_HOST).")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log each step (REELGATE_LOG_LEVEL=DEBUG).")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on (REELGATE_PORT).")]


@app.command()
def up(host: Host = None, port: Port = None, verbose: Verbose = False) -> None:
    """Run everything on this machine in the foreground: web server, worker, timer, guacd, redis. Ctrl-C ends it."""
    from gateway.supervisor import run

    run(_settings(host, port, verbose=verbose))


@app.command()
def demo(host: Host = None, port: Port = None, verbose: Verbose = False) -> None:
    """Like `up`, with two demo desktops, demo users and demo targets."""
    from gateway.demo.run import run

    run(_settings(host, port, verbose=verbose))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from gateway.db.migrate import upgrade

    settings = _settings()
    upgrade(settings.database)


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP API."""
    from gateway.app import create_app

    json.dump(create_app(_settings()).openapi(), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")


@user_app.command("add")
def user_add(
    username: str,
    role: Annotated[Role, typer.Option(help="What the account is for.")],
    display_name: Annotated[str | None, typer.Option(help="Name as shown; default: the user name.")] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="File with the password, - for standard input; default: ask for it.")
    ] = None,
) -> None:
    """Add a local account."""
    from gateway.accounts import add_account

    add_account(_settings(), username, role, display_name or username, _password(password_file))


def _password(source: Path | None) -> str:
    if source is None:
        answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return answer
    text = sys.stdin.read() if str(source) == "-" else source.read_text()
    return text.rstrip("\r\n")


def _settings(host: str | None = None, port: int | None = None, *, verbose: bool = False) -> "Settings":
    from gateway.private_files import prepare
    from gateway.settings import get_settings
    from gateway.telemetry import configure_logging

    settings = get_settings()
    options = {"host": host, "port": port, "log_level": "DEBUG" if verbose else None}
    given = {name: value for name, value in options.items() if value is not None}
    settings = settings.model_copy(update=given)
    configure_logging(level=settings.log_level, as_json=settings.log_json)
    prepare(settings)
    return settings


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Errors a person can act on become one line on stderr and exit status 2."""
    try:
        yield
    except ReelgateError as error:
        typer.echo(f"reelgate: {error}", err=True)
        raise SystemExit(2) from error


def main() -> None:
    """Entry of the `reelgate` program."""
    os.umask(0o077)  # whatever a command writes is evidence, a key or a log
    # What is loaded stays: to look through it for garbage at the end took 0.07 s.
    atexit.register(gc.freeze)
    alone = entry_points(group="reelgate.alone")
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    with one_line_errors():
        if asked in alone.names:
            _run_alone(asked, alone[asked].load())
        else:
            whole_program()()


def _run_alone(name: str, command: Callable[..., None]) -> None:
    program = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    program.command(name)(command)
    program(sys.argv[2:], prog_name=f"reelgate {name}")


@cache
def whole_program() -> typer.Typer:
    """The program with all its commands."""
    from gateway.commands.archive import archive_app
    from gateway.commands.audit import audit_app
    from gateway.commands.capacity import capacity
    from gateway.commands.keys import app as keys_app
    from gateway.commands.search import search
    from gateway.commands.verify_certificate import verify_certificate

    for name, group in (("audit", audit_app), ("keys", keys_app), ("archive", archive_app)):
        app.add_typer(group, name=name)
    for command in (search, capacity, verify_certificate):
        app.command()(command)
    for plugin in entry_points(group="reelgate.commands"):
        app.add_typer(plugin.load())
    return app
