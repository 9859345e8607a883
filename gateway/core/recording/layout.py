"""All file names of a recording and all object keys, in one place.

A recording is a folder `recordings/YYYY/MM/DD/ID` in the data folder; the same relative names, after a prefix, are its
object keys in the archive. `original` files are evidence; renditions can be rebuilt from them.
"""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

MANIFEST: Final = "manifest.jsonl"
# A manifest that cannot be trusted is evidence too: it is kept and archived beside the new one that sealing writes.
DAMAGED_MANIFEST: Final = "manifest.damaged.jsonl"
VIDEO: Final = "video.mp4"
KEYFRAMES: Final = "keyframes.zip"
SPANS: Final = "spans.jsonl.gz"  # text that was read from pictures
TEXT: Final = "text.jsonl.gz"  # exact text: typed, copied, transferred, printed
SEGMENT_FOLDER: Final = "segments"


def recording_folder(recording_id: str, started_at: datetime) -> str:
    """Return the folder of a recording relative to the data folder; `started_at` is UTC."""
    return str(PurePosixPath("recordings", f"{started_at:%Y/%m/%d}", recording_id))


def segment_name(index: int, suffix: str) -> str:
    """Return the name of segment `index` (0, 1, ...) inside the recording's folder; `suffix` is its kind's."""
    return f"{SEGMENT_FOLDER}/{index:06d}.{suffix}"


def is_encrypted(name: str) -> bool:
    """Whether a file of a recording with a key is encrypted. A manifest holds digests and no content, and is in clear."""
    return not name.startswith("manifest.")
