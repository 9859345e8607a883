"""Encrypted files of recordings: one format for the stream as it is written, renditions and archived copies.

Callers: the recorder and the import encrypt segments, `workers.running.outputs` renditions, the tier stage archived copies;
`gateway.storage.files` decrypts for all who read. `layout` has the format byte for byte.
"""

from gateway.storage.encryption.decryptor import Decryptor, decrypt
from gateway.storage.encryption.encryptor import Encryptor, Stored, encrypt_file
from gateway.storage.encryption.layout import PIECE_BYTES, TamperedError
from gateway.storage.encryption.ranges import decrypt_range
from gateway.storage.encryption.seekable import DecryptingFile

__all__ = [
    "PIECE_BYTES",
    "DecryptingFile",
    "Decryptor",
    "Encryptor",
    "Stored",
    "TamperedError",
    "decrypt",
    "decrypt_range",
    "encrypt_file",
]
