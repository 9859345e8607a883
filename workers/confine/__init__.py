"""Run work on hostile input in a process that can read its input, write its scratch folder, and nothing else.

Recordings come from targets that may belong to anyone. The code that decodes their images and reads their screens has
no access to the database, keys, settings, network or other processes. It is limited in time and memory, and its death
costs one attempt of one stage. `parent` starts such a process, `start` drops its privileges, `child` runs in it.
"""

from workers.confine.parent import EscapeError, LimitError, Limits, run_confined

__all__ = ["EscapeError", "LimitError", "Limits", "run_confined"]
