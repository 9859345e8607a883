"""The web server alone, in the foreground: for containers, where something else keeps programs up.

`python -m gateway.supervisor.serve` becomes the very command that the supervisor would run.
"""

import os
import sys

from gateway.core.errors import ReelgateError
from gateway.keyring import ensure_keys
from gateway.private_files import prepare
from gateway.settings import get_settings
from gateway.supervisor import listening
from gateway.supervisor.parts import environment, web


def main() -> None:
    """Check addresses, files and keys, then become the server. On an error, print one line and exit with 2."""
    try:
        settings = listening.checked(get_settings())
        prepare(settings)
        ensure_keys(settings)
    except ReelgateError as error:
        sys.stderr.write(f"reelgate: {error}\n")
        raise SystemExit(2) from error
    command = web(settings).command
    os.execve(command[0], command, {**os.environ, **environment(settings)})  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
