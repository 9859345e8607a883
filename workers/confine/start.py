"""Drop privileges, then become the requested module: `python -m workers.confine.start MODULE`.

`run_confined` starts it in the scratch folder. The first line on standard input is its `Confinement`; the module reads
the rest. This runs before anything that decodes is imported: threads already running would keep their privileges.
"""

import importlib
import json
import runpy
import sys
from pathlib import Path

from workers.confine.rights import Confinement, confine


def main() -> None:
    """Entry of the process."""
    module = sys.argv[1]
    confinement = Confinement(**json.loads(sys.stdin.buffer.readline()))
    # Imported now, as the folder that holds them is closed afterwards; the packages themselves hold no code.
    packages = [importlib.import_module(name) for name in {"gateway", "workers", module.partition(".")[0]}]
    confine(confinement, [Path(place) for package in packages for place in package.__path__])
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
