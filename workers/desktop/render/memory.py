"""Memory that is freed stays with the process while it renders.

glibc gives large blocks back to the kernel at once and has every page of the next one cleared again: on a sample 20,000
page faults of 40,000, a twentieth of the processor time. Called by what has a process of its own to render in.
"""

import ctypes
from typing import Final

# mallopt(3): the largest block that is not mapped for itself (32 MB is the most glibc takes: an 8K screen's RGBA is
# 133 MB, a 4K one's 33), and how much may lie free at the end of the heap.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGE_BYTES: Final = 32 * 1024 * 1024
_FREE_BYTES: Final = 64 * 1024 * 1024


def keep_freed_memory() -> None:
    """Tell glibc; another C library has no such call and is left as it is."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _FREE_BYTES)
