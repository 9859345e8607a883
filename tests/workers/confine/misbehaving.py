"""Work that behaves as its request says; started by the tests as a confined process."""

import errno
import os
import sys
import time
from typing import Any

from gateway.core.errors import InvalidInputError
from workers.confine.child import Progress, main


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    behaviour = request["behaviour"]
    progress(0.5)
    if behaviour == "eat":
        return {"size": len(b"x" * (4 * 2**30))}
    if behaviour == "die":
        os.abort()
    if behaviour == "hang":
        time.sleep(600)
    if behaviour == "refuse":
        raise InvalidInputError("not a picture")
    if behaviour == "fill":
        raise OSError(errno.ENOSPC, "No space left on device")
    if behaviour == "break":
        raise KeyError("x")
    if behaviour == "print":
        sys.stdout.write("a library says hello\n")
        os.write(1, b"another one too\n")
    return {"settings": [name for name in os.environ if name.startswith("REELGATE_")], "pid": os.getpid()}


if __name__ == "__main__":
    main(work)
