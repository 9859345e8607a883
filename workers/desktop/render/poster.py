"""The poster of a recording, shown before it is played: the first picture that is not blank."""

from typing import Final

import numpy as np

from workers.desktop.display import Pixels

# Every fourth row and column: enough to tell a desktop from a blank screen, and a millisecond for 1920x1080.
_STEP: Final = 4
# A pointer or spinner on a blank screen takes less than this share of it, a few lines of text take more.
_LEAST_SHARE: Final = 0.005


def is_blank(screen: Pixels) -> bool:
    """Whether nearly all of the screen (RGBA) has a single colour, as before a desktop is drawn."""
    sample = np.ascontiguousarray(screen[::_STEP, ::_STEP, :3]).astype(np.uint32)
    colours = sample[..., 0] << 16 | sample[..., 1] << 8 | sample[..., 2]
    if not colours.size:
        return True
    _, counts = np.unique(colours, return_counts=True)
    return bool(1 - counts.max() / colours.size < _LEAST_SHARE)
