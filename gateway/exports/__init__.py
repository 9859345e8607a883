"""Exports on rows and files: what may be requested, where a finished one is stored, who may fetch it, when it expires.

`workers.export` makes the files.
"""

from gateway.exports.removal import remove_exports

__all__ = ["remove_exports"]
