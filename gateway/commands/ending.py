"""How a command ends: its exit status, and one line for an error.

| status | meaning |
|---|---|
| 0 | done; what was checked is sound |
| 1 | a check failed, or work failed |
| 2 | not possible: an invalid argument or setting, or something missing or unreachable |
| 70 | a bug in Reelgate (EX_SOFTWARE of sysexits.h) |
| 130 | interrupted (Ctrl-C) |
| 141 | the reader of the output went away (128 + SIGPIPE) |
"""

import os
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from gateway.commands.output import note, warn
from gateway.core.errors import ReelgateError

UNSOUND: Final = 1
UNUSABLE: Final = 2
INTERNAL: Final = 70
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141

VERBOSE: ContextVar[bool] = ContextVar("verbose", default=False)
"""Whether --verbose was given."""


class Group(TyperGroup):
    """The program: reports errors of all its commands as one line and an exit status."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run to the end; raises SystemExit."""
        sys.exit(_status(super().main, *args, **options))

    def invoke(self, ctx: Any) -> Any:
        """Run the given command."""
        with ending():
            return super().invoke(ctx)


class Command(TyperCommand):
    """The same for a program with a single command."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run to the end; raises SystemExit."""
        sys.exit(_status(super().main, *args, **options))

    def invoke(self, ctx: Any) -> Any:
        """Run it."""
        with ending():
            return super().invoke(ctx)


class ending:  # noqa: N801 - a context manager, read as a word; a class, so that tracebacks stay short
    """A context whose errors end the command with one line on standard error and an exit status."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None or isinstance(error, typer.Exit | typer.Abort | TyperException | SystemExit):
            return
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(BROKEN_PIPE) from error
        if isinstance(error, KeyboardInterrupt):
            warn("interrupted")
            raise typer.Exit(INTERRUPTED) from error
        if VERBOSE.get():
            for line in _trace_of(error):
                note(line)
        known = explained(error)
        warn(_unexpected(error) if known is None else known)
        raise typer.Exit(INTERNAL if known is None else UNUSABLE) from error


def explained(error: BaseException) -> str | None:
    """Return one line that a person can act on, or None for a bug."""
    if isinstance(error, ReelgateError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return ": ".join(str(part) for part in (error.filename, error.strerror) if part)
    if isinstance(error, UnicodeError):
        return "what was given is not valid UTF-8 text"
    if "sqlalchemy" not in sys.modules:  # slow to load
        return None
    from gateway.db.explaining import explained as explained_by_database

    return explained_by_database(error)


def _status(main: Any, *args: Any, **options: Any) -> int:
    try:
        status = main(*args, **(options | {"standalone_mode": False}))
    except TyperException as error:
        warn(_usage(error))
        return error.exit_code or UNUSABLE
    except typer.Abort as error:  # at a prompt
        is_end = isinstance(error.__context__, EOFError)
        warn("the input ended before there was an answer" if is_end else "interrupted")
        return UNUSABLE if is_end else INTERRUPTED
    return status if isinstance(status, int) else 0


def _usage(error: TyperException) -> str:
    text = " ".join(error.format_message().split()).removesuffix(".")
    context = getattr(error, "ctx", None)
    return f"{text}; see {context.command_path} --help" if context is not None else text


def _unexpected(error: BaseException) -> str:
    line = f"unexpected {type(error).__name__}: {error}"[:500]
    if VERBOSE.get():
        return line
    try:
        log = _log(error)
    except (ReelgateError, OSError):
        log = None
    return f"{line}; " + (f"details are in {log}" if log else "run `reelgate --verbose ...` for details")


def _log(error: BaseException) -> Path | None:
    """Write the traceback to the data folder, if there is one."""
    from gateway.settings import get_settings

    folder = get_settings().data_dir.absolute()
    if not (folder / "run").is_dir() and not (folder / "reelgate.db").is_file():
        return None
    path = folder / "log" / "commands.log"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", errors="replace") as file:
        file.write("\n".join([f"{datetime.now(UTC).isoformat()} {sys.argv[1:2]}", *_trace_of(error), ""]))
    return path


def _trace_of(error: BaseException) -> list[str]:
    return "".join(traceback.format_exception(error)).splitlines()
