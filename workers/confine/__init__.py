"""Run work on hostile input in a process of its own that can read its input, write its scratch folder, and nothing else.

Recordings come from targets that may belong to anyone: what decodes their images and reads their screens has no database,
keys, settings, network or other processes in reach, is limited in time and memory, and its death costs one attempt of
one stage. `parent` starts such a process, `start` takes its rights away, `child` is what runs in it.
"""

from workers.confine.parent import EscapeError, LimitError, Limits, run_confined

__all__ = ["EscapeError", "LimitError", "Limits", "run_confined"]
