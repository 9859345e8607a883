"""What is uploaded for a file: the hot file itself, or its packed form if that is smaller.

The packed form is kept in a folder of the recording until its row is committed: a run that resumes an upload needs the
same bytes, and each packing has different ones (a fresh salt).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.core.errors import DamagedError
from gateway.db.repositories.recordings import RecordedFile
from gateway.keys.data_key import DataKey
from gateway.storage.encryption import Stored
from gateway.storage.local import is_disk_full, read_range, sha256_of
from gateway.storage.packing import ZSTD, content, pack, unpack
from gateway.telemetry import get_logger
from workers.running.work import StageWork
from workers.tier.files import StoredFile

_FOLDER: Final = ".outgoing"
# Less than this saved is not worth unpacking for every reader.
_PAYS: Final = 0.95

_log = get_logger()


@dataclass(frozen=True)
class Outgoing:
    """The bytes that become the object. `encoding` is as in the archive object's row."""

    path: Path
    file: RecordedFile
    encoding: str = ""


@contextmanager
def outgoing(work: StageWork, file: StoredFile) -> Iterator[Outgoing]:
    """Yield what to upload; removed again if the block ends without an error."""
    as_it_is = Outgoing(work.folder / file.name, file.kept)
    if not file.is_original or not work.context.settings.archive_compression_level:
        yield as_it_is
        return
    packed = _packed(work, file)
    if packed is None:
        yield as_it_is
        return
    yield packed
    packed.path.unlink()


def end_outgoing(folder: Path) -> None:
    """Remove everything outgoing of the recording in `folder`."""
    shutil.rmtree(folder / _FOLDER, ignore_errors=True)


def _packed(work: StageWork, file: StoredFile) -> Outgoing | None:
    """Return the packed form, made now or left by a killed run; None if it does not pay or is not exact."""
    hot, into = work.folder / file.name, work.folder / _FOLDER / file.name
    if sha256_of(read_range(hot)) != (file.kept.sha256, file.kept.size_bytes):
        raise DamagedError(f"{file.name} on disk is not what was recorded: its digest has changed")
    key = work.context.files.key_of(work.recording)
    if into.is_file():
        stored = Stored(*sha256_of(read_range(into)))
    else:
        try:
            stored = pack(hot, into, key, file.name, work.context.settings.archive_compression_level)
        except DamagedError as error:  # its writer was killed within a record, and those bytes must stay
            _log.info("original.not_packed", recording_id=work.recording.id, name=file.name, reason=str(error))
            return None
        except OSError as error:
            if not is_disk_full(error):
                raise
            # Archiving frees space, so it must not need any.
            _log.warning("original.not_packed", recording_id=work.recording.id, name=file.name, reason=error.strerror)
            return None
    pays = stored.size_bytes <= _PAYS * file.kept.size_bytes
    if pays and _comes_back(into, key, file):
        return Outgoing(into, RecordedFile(file.name, stored.size_bytes, stored.sha256), ZSTD)
    into.unlink()
    return None


def _comes_back(packed: Path, key: DataKey, file: StoredFile) -> bool:
    """INVARIANT: a packed form counts only if it reproduces both the content and the hot file, to the byte."""
    try:
        inside = sha256_of(content(read_range(packed), key, file.name, file.content.size_bytes))
        hot = sha256_of(unpack(read_range(packed), key, file.name))
    except DamagedError as error:
        _log.error("original.packing_rejected", name=file.name, reason=str(error))
        return False
    return inside == (file.content.sha256, file.content.size_bytes) and hot == (
        file.kept.sha256,
        file.kept.size_bytes,
    )
