"""The program with one function that never returns, so that a test can interrupt it there.

`python -m tests.parts.held MODULE:FUNCTION ARGUMENTS`; it says "held" when the function is called.
"""

import sys
from importlib import import_module
from threading import Event

from gateway.cli import main


def _hold(*_arguments: object, **_options: object) -> None:
    sys.stderr.write("held\n")
    sys.stderr.flush()
    Event().wait()


if __name__ == "__main__":
    module, _, name = sys.argv.pop(1).partition(":")
    assert hasattr(import_module(module), name)
    setattr(import_module(module), name, _hold)
    main()
