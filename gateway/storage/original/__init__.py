"""Write an original: segments, and the manifest that covers them.

`writer` is used by the recorder and the import; `segment` and `manifest_file` are the files it writes, `append` what
they share. `attest` holds what a writer needs to encrypt, digest and sign.
"""

from gateway.storage.original.append import AppendFile, fsync_folder
from gateway.storage.original.attest import Attest
from gateway.storage.original.segment import CHUNK_BYTES
from gateway.storage.original.writer import OriginalLimits, OriginalWriter

__all__ = ["CHUNK_BYTES", "AppendFile", "Attest", "OriginalLimits", "OriginalWriter", "fsync_folder"]
