"""Exports on rows and files: what may be asked for, where a finished one is kept, who may fetch it, when it goes.

Callers: `gateway.api.exports` and `workers.export`, which makes the files; `workers.purge` (`remove_exports`).
"""

from gateway.exports.removal import remove_exports

__all__ = ["remove_exports"]
