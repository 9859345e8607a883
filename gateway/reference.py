"""Write docs/commands.md and docs/settings.md from the source: `make docs`, or `python -m gateway.reference`.

A test compares the files with the output.
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import annotated_types
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.main import get_command

from gateway.cli import whole_program
from gateway.settings import PREFIX, Settings

_COMMANDS_HEAD: Final = """# Commands

Every command of `reelgate`, written by `make docs`. Settings are in [settings.md](settings.md).

`reelgate --verbose COMMAND` shows logs, and the traceback of an unexpected error. `reelgate --install-completion` sets up
completion for the current shell. Results go to standard output; errors, notes and progress go to standard error. Progress
bars are shown only on a terminal. Names and text are printed without control characters; `--json` escapes them.

| status | meaning |
|---|---|
| 0 | done; what was checked is sound |
| 1 | what was checked is not sound, or the work failed |
| 2 | it could not be done: a wrong argument or setting, or something missing or unreachable |
| 70 | an unexpected error; the traceback is in `log/commands.log` of the data folder, or shown by `--verbose` |
| 130 | interrupted by Ctrl-C; nothing half-finished is left, and running it again works |

Only `up`, `demo`, `migrate`, `import` and `user add` create a data folder or a database. All other commands fail if there is
none, or if the database has another version (`reelgate migrate` upgrades an older one).
"""
_SETTINGS_HEAD: Final = """# Settings

Every setting, written by `make docs` from `gateway/settings.py`. Settings are read from the environment, from a file `.env` in
the working folder, and from files in `/run/secrets` named after the variable in lower case. The environment takes precedence.
An empty variable counts as unset. An invalid value ends the command with one line that names it.

| variable | type | default | meaning |
|---|---|---|---|
"""
_HIDDEN: Final = frozenset({"help", "install_completion", "show_completion"})


def commands_page() -> str:
    """Return the text of docs/commands.md."""
    root = get_command(whole_program())
    sections = [_section("reelgate", root)]
    sections += [_section(f"reelgate {name}", command) for name, command in leaves(root)]
    return "\n".join([_COMMANDS_HEAD, *sections])


def settings_page() -> str:
    """Return the text of docs/settings.md."""
    rows = (_setting(name, field) for name, field in Settings.model_fields.items())
    return _SETTINGS_HEAD + "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in rows)


def leaves(group: Any) -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", leaf) for inner, leaf in leaves(command))
        else:
            yield name, command


def _section(name: str, command: Any) -> str:
    shown = [parameter for parameter in command.params if parameter.name not in _HIDDEN]
    arguments = " ".join(_metavar(parameter) for parameter in shown if parameter.param_type_name == "argument")
    rest = "COMMAND" if hasattr(command, "commands") else arguments
    lines = [f"## {name}", "", f"    {name} [OPTIONS] {rest}".rstrip(), "", inspect.cleandoc(command.help or ""), ""]
    if shown:
        lines += ["| argument | meaning | default |", "|---|---|---|"]
        lines += [f"| {' | '.join(map(_cell, _parameter(one)))} |" for one in shown]
        lines += [""]
    return "\n".join(lines)


def _parameter(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        return f"`{_metavar(parameter)}`", parameter.help or "", "required" if parameter.required else ""
    names = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
    value = "" if parameter.is_flag else f" {_metavar(parameter)}"
    return f"{names}{value}", parameter.help or "", _default(parameter)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in {None, False, ""} or isinstance(parameter.default, list | tuple):
        return ""
    return f"`{parameter.default}`" if not parameter.is_flag else "yes"


def _metavar(parameter: Any) -> str:
    if parameter.metavar:
        return str(parameter.metavar)
    kind = parameter.type_descriptor
    if kind.choices:
        return "|".join(str(getattr(choice, "value", choice)) for choice in kind.choices)
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    annotation = kind.annotation
    inner = next((one for one in get_args(annotation) if one is not type(None)), annotation)
    words = {int: "NUMBER", float: "NUMBER", Path: "FILE"}
    return "FROM TO" if kind.is_tuple else words.get(annotation, words.get(inner, "TEXT"))


def _setting(name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    return f"`{PREFIX}{name.upper()}`", _kind(field), _set_default(name, field), field.description or ""


def _kind(field: FieldInfo) -> str:
    inner = [one for one in get_args(field.annotation) if one is not type(None)] or [field.annotation]
    words = {int: "whole number", float: "number", bool: "true or false", Path: "path", str: "text"}
    words[SecretStr] = "secret text"
    kind = words.get(inner[0])
    if kind is None:
        choices = [choice for one in inner for choice in (get_args(one) or (one,))]
        return " or ".join(f"`{choice}`" for choice in choices)
    return f"{kind}{_bounds(field)}"


def _bounds(field: FieldInfo) -> str:
    said = []
    for constraint in field.metadata:
        if isinstance(constraint, annotated_types.Ge):
            said.append(f"at least {constraint.ge}")
        elif isinstance(constraint, annotated_types.Gt):
            said.append(f"above {constraint.gt}")
        elif isinstance(constraint, annotated_types.Le):
            said.append(f"at most {constraint.le}")
    return f", {', '.join(said)}" if said else ""


def _set_default(name: str, field: FieldInfo) -> str:
    if name == "web_dir" or field.default in {None, "", PydanticUndefined}:
        return ""  # the description says it
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    (folder / "commands.md").write_text(commands_page())
    (folder / "settings.md").write_text(settings_page())
