"""Running work on hostile input in a process of its own, limited in time and memory.

Recordings come from targets that may be anybody's: what decodes their images and reads their screens runs without
database, keys or settings, and its death costs one attempt of one stage. `parent` starts such a process, `child` is
what runs in it.
"""

from workers.confine.parent import LimitError, Limits, run_confined

__all__ = ["LimitError", "Limits", "run_confined"]
