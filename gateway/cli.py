"""The `reelgate` program. Commands of the workers join through the entry-point group `reelgate.commands`.

Commands that must start quickly are also in the group `reelgate.alone`, which runs them without importing the others (the
database modules alone take half a second). For the same reason, large modules are imported here where they are used.
"""

import atexit
import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points, version
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gateway.commands.ending import VERBOSE, Command, Group
from gateway.commands.output import say

if TYPE_CHECKING:
    from gateway.settings import Settings

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 120}

app = typer.Typer(
    name="reelgate",
    help="Session recording gateway for privileged access.",
    cls=Group,
    no_args_is_help=True,
    context_settings=_CONTEXT,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Host = Annotated[str | None, typer.Option(help="Address to listen on (REELGATE_HOST).", metavar="ADDRESS")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on (REELGATE_PORT).")]


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"reelgate {version('reelgate')}")
        raise typer.Exit


@app.callback()
def options(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show logs, and the traceback of an unexpected error.")
    ] = False,
    show_version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Session recording gateway for privileged access."""
    VERBOSE.set(verbose)


@app.command()
def up(host: Host = None, port: Port = None) -> None:
    """Run everything on this machine in the foreground: web server, worker, timer, guacd, redis. Ctrl-C ends it."""
    from gateway.supervisor import run

    run(_server_settings(host, port))


@app.command()
def demo(host: Host = None, port: Port = None) -> None:
    """Like `up`, with two demo desktops, demo users and demo targets."""
    from gateway.demo.run import run

    run(_server_settings(host, port))


@app.command()
def migrate() -> None:
    """Migrate the database to the newest schema; creates it if there is none."""
    from gateway.commands.opened import opened

    with opened(new=True):
        say("the database has the newest schema")


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP API."""
    from gateway.app import create_app
    from gateway.commands.opened import command_settings

    say(*json.dumps(create_app(command_settings()).openapi(), indent=1, sort_keys=True).splitlines())


def _server_settings(host: str | None, port: int | None) -> "Settings":
    from gateway.commands.opened import command_settings, make_data_folder
    from gateway.telemetry import configure_logging

    options = {"host": host, "port": port, "log_level": "DEBUG" if VERBOSE.get() else None}
    given = {name: value for name, value in options.items() if value is not None}
    settings = command_settings().model_copy(update=given)
    configure_logging(level=settings.log_level, as_json=settings.log_json)
    make_data_folder(settings)
    return settings


def main() -> None:
    """Entry point of the `reelgate` program."""
    os.umask(0o077)  # commands write evidence, keys or logs
    # Exempt what is loaded from garbage collection, which took 0.07 s at exit.
    atexit.register(gc.freeze)
    # Temporary files are removed at exit.
    signal.signal(signal.SIGTERM, _terminated)
    alone = entry_points(group="reelgate.alone")
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        if asked in alone.names:
            _run_alone(asked, alone[asked].load())
        else:
            whole_program()()
    finally:
        _flush()


def _run_alone(name: str, command: Callable[..., None]) -> None:
    program = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    program.command(name, cls=Command, context_settings=_CONTEXT)(command)
    program(sys.argv[2:], prog_name=f"reelgate {name}")


def _terminated(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


def _flush() -> None:
    """Flush the output; if its reader has gone, the interpreter must not complain at exit."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@cache
def whole_program() -> typer.Typer:
    """Return the program with all its commands."""
    from gateway.commands.archive import archive_app
    from gateway.commands.audit import audit_app
    from gateway.commands.backup import backup
    from gateway.commands.capacity import capacity
    from gateway.commands.keys import keys_app
    from gateway.commands.recordings import recordings_app
    from gateway.commands.search import search
    from gateway.commands.sessions import sessions_app
    from gateway.commands.targets import targets_app
    from gateway.commands.user import user_app
    from gateway.commands.verify_certificate import verify_certificate

    groups = {
        "user": user_app,
        "targets": targets_app,
        "sessions": sessions_app,
        "recordings": recordings_app,
        "audit": audit_app,
        "keys": keys_app,
        "archive": archive_app,
    }
    for name, group in groups.items():
        app.add_typer(group, name=name)
    for command in (search, capacity, verify_certificate, backup):
        app.command()(command)
    for plugin in entry_points(group="reelgate.commands"):
        app.add_typer(plugin.load())
    return app
