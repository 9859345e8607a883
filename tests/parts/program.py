"""Runs the `reelgate` program in this process, as a person runs it."""

from typer.testing import CliRunner, Result

from gateway.cli import whole_program
from gateway.settings import get_settings


def reelgate(*arguments: object, text: str | bytes | None = None) -> Result:
    """Run a command with the settings of the environment as it is now; `text` is its standard input."""
    get_settings.cache_clear()
    try:
        return CliRunner().invoke(whole_program(), [str(argument) for argument in arguments], input=text)
    finally:
        get_settings.cache_clear()
