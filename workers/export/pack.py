"""The ZIP of an export: files without compression, a list of their digests, and the site's signature on that list.

`workers.export.verifier`, which is copied into each ZIP, reads it and documents `bundle.json` and `bundle.sig`. The
public keys are also included in the form OpenSSL reads.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from gateway.keys.signing import Signer, public_pem
from workers.export import verifier
from workers.export.verifier import EXPORT_CONTEXT, VERSION, canonical

_JSON_INDENT: Final = 1


@dataclass(frozen=True)
class About:
    """Fields of `bundle.json` besides the files: what it is about, and the salt of its digests."""

    kind: str
    export_id: str
    recording_id: str
    salt: bytes
    made_at: datetime
    made_by: str


class Pack:
    """Write the ZIP; a context manager. Not finished unless `sign` was called."""

    def __init__(self, path: Path, made_at: datetime) -> None:
        self._zip = zipfile.ZipFile(path, "x", zipfile.ZIP_STORED)
        self._date = made_at.timetuple()[:6]
        self.files: list[dict[str, Any]] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> str:
        """Add a file; return its SHA-256 (hex).

        If `pieces` raises, the file stays in the ZIP up to there, and is listed.
        """
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(self._info(name), "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
        finally:
            self.files.append({"name": name, "size_bytes": size, "sha256": digest.hexdigest()})
        return digest.hexdigest()

    def add_text(self, name: str, text: str) -> None:
        """Add a text file."""
        self.add(name, [text.encode()])

    def add_json(self, name: str, values: Any) -> None:
        """Add a JSON file that is readable for people."""
        self.add_text(name, json.dumps(values, indent=_JSON_INDENT, ensure_ascii=False, sort_keys=True) + "\n")

    def sign(self, about: About, keys: dict[str, bytes], signer: Signer) -> None:
        """Add what is needed to check the export: verifier, public keys, list of files and its signature."""
        self.add("verify.py", [Path(verifier.__file__).read_bytes()])
        public = {**keys, signer.key_id: signer.public_key}
        for key_id, key in sorted(public.items()):
            self.add_text(f"keys/{key_id}.pem", public_pem(key))
        index = {
            "version": VERSION,
            "kind": about.kind,
            "export_id": about.export_id,
            "recording_id": about.recording_id,
            "salt": about.salt.hex(),
            "made_at": about.made_at.isoformat(),
            "made_by": about.made_by,
            "public_keys": {key_id: key.hex() for key_id, key in public.items()},
            "files": sorted(self.files, key=lambda file: str(file["name"])),
        }
        signature = {"key_id": signer.key_id, "signature": signer.sign(EXPORT_CONTEXT + canonical(index)).hex()}
        for name, values in (("bundle.json", index), ("bundle.sig", signature)):
            self._zip.writestr(self._info(name), json.dumps(values, indent=_JSON_INDENT, sort_keys=True) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def _info(self, name: str) -> zipfile.ZipInfo:
        return zipfile.ZipInfo(name, self._date)
