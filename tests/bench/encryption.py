"""What encryption costs where people wait: a write of the recorder, a range of a video. Beside the same in clear.

`python -m tests.bench.encryption` prints a table and writes build/bench/encryption.json. Both sides take turns in one
run, so that a busy machine slows both; the ratio is what counts. Files are in the page cache, as they are when a live
session is written and a video is watched.
"""

import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from gateway.keys.data_key import DataKey
from gateway.storage.encryption import Encryptor, decrypt_range, encrypt_file
from gateway.storage.local import read_range
from gateway.storage.original.append import AppendFile

_KEY: Final = DataKey("bench", bytes(32))
_NAME: Final = "video.mp4"
# A key press with its echo, a changed line, a large image: what one write of the relay carries.
_WRITES: Final = (200, 4096, 65536)
_WRITE_COUNT: Final = 2000
_VIDEO_BYTES: Final = 64 * 2**20
# What a player asks for when it jumps, and what it then goes on with.
_RANGES: Final = (64 * 1024, 2**20)
_RANGE_COUNT: Final = 200
_ROUNDS: Final = 5
_RESULT: Final = Path("build/bench/encryption.json")


def main() -> None:
    """Measure, print, write."""
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += [_row("write", size, *_turns(partial(_write, Path(folder), size), _WRITE_COUNT)) for size in _WRITES]
        rows += _ranges(Path(folder))
    print(f"{'what':8}{'bytes':>10}{'clear us':>12}{'encrypted us':>14}{'ratio':>8}")  # noqa: T201 - a bench prints
    for row in rows:
        print(f"{row['what']:8}{row['bytes']:>10}{row['clear_us']:>12}{row['encrypted_us']:>14}{row['ratio']:>8}")  # noqa: T201
    _RESULT.parent.mkdir(parents=True, exist_ok=True)
    _RESULT.write_text(json.dumps(rows, indent=1) + "\n")


def _turns(work: Callable[[bool], float], count: int) -> tuple[float, float]:
    """Microseconds for one, in clear and encrypted: the median of some rounds."""
    rounds = [(work(False), work(True)) for _ in range(_ROUNDS)]
    clear, encrypted = (statistics.median(side) for side in zip(*rounds, strict=True))
    return clear / count * 1e6, encrypted / count * 1e6


def _row(what: str, size: int, clear_us: float, encrypted_us: float) -> dict[str, object]:
    ratio = round(encrypted_us / clear_us, 2)
    return {
        "what": what,
        "bytes": size,
        "clear_us": round(clear_us, 1),
        "encrypted_us": round(encrypted_us, 1),
        "ratio": ratio,
    }


def _write(folder: Path, size: int, encrypted: bool) -> float:
    data = os.urandom(size)
    path = folder / "segment"
    file = AppendFile(path)
    encryptor = Encryptor(_KEY, _NAME)
    begun = time.perf_counter()
    for _ in range(_WRITE_COUNT):
        file.append(encryptor.seal(data) if encrypted else data)
    seconds = time.perf_counter() - begun
    file.close()
    path.unlink()
    return seconds


def _ranges(folder: Path) -> Iterator[dict[str, object]]:
    content = os.urandom(_VIDEO_BYTES)
    (folder / "clear").write_bytes(content)
    encrypt_file([content], folder / "encrypted", _KEY, _NAME)
    for size in _RANGES:
        places = [random.randrange(_VIDEO_BYTES - size) for _ in range(_RANGE_COUNT)]
        yield _row("range", size, *_turns(partial(_read, folder, places, size), _RANGE_COUNT))


def _read(folder: Path, places: list[int], size: int, encrypted: bool) -> float:
    fetch = partial(read_range, folder / ("encrypted" if encrypted else "clear"))
    begun = time.perf_counter()
    for place in places:
        pieces = decrypt_range(fetch, _KEY, _NAME, place, size) if encrypted else fetch(place, size)
        got = sum(len(piece) for piece in pieces)
        if got != size:
            raise RuntimeError(f"{got} bytes of {size}")
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
