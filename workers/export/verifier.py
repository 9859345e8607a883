#!/usr/bin/env python3
"""Check an export bundle of Reelgate: that its recording is complete and unaltered since it was recorded.

Needs Python 3.8 or newer and nothing else, no network and no account. Usage, in the unpacked bundle or beside the ZIP:

    python3 verify.py [BUNDLE.zip or FOLDER] [--key FINGERPRINT]

`--key` is the fingerprint of the site's public key (SHA-256, 64 hex digits). Get it separately from the bundle. Without it
this program can only show that the bundle matches the key it contains, and anybody can make a key.
Exit status: 0 sound and signed with that key; 1 not sound (each fault is named); 2 it could not be checked;
3 nothing is wrong, but no key was given to compare with, so it proves nothing.

In the product this file is `workers/export/verifier.py`; every bundle contains an unchanged copy. The site's
documentation describes what it checks under "Evidence": docs/evidence.md, docs/export.md.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import zipfile
import zlib
from collections import Counter, deque
from pathlib import Path
from typing import Any, Callable, Iterator, Tuple  # noqa: UP035 - as Python 3.8 knows them

# Extended homogeneous coordinates (X, Y, Z, T) of RFC 8032, section 5.1.4.
Point = Tuple[int, int, int, int]  # noqa: UP006 - as above

FIRST = "0" * 64
PIECE = 1 << 20
# A line of a manifest is a few hundred bytes; what is longer is no manifest.
MAX_LINE = 1 << 20
# A day's manifest has some 30 MB. bundle.json has 200 bytes for each file, of which there are some thousands.
MAX_TEXT = 1 << 27
MAX_INDEX = 1 << 24
FINGERPRINT_DIGITS = 64
# What is shown of one line, and of how many things that are wrong.
MAX_SAID = 2000
MAX_NAMED = 1000
# Bytes of a ZIP's local file header before the name (APPNOTE.TXT, section 4.3.7).
LOCAL_HEADER = 30
VERSION = 1
# Begin what is signed, so that a signature on one kind of thing is none on another.
EXPORT_CONTEXT = b"reelgate export v1\n"
MANIFEST_CONTEXT = b"reelgate manifest checkpoint v1\n"
# Of an audit event, what its hash does not cover.
UNCOVERED = ("id", "hash", "key_id", "signature")


# ---- Ed25519 (RFC 8032, section 5.1), verification only: nothing here is secret, so nothing needs constant time

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def recover_x(y: int, sign: int) -> int | None:
    """Return the x of a point, or None if there is none (section 5.1.3)."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def decode_point(data: bytes) -> Point | None:
    """Return a point in extended coordinates (X, Y, Z, T), or None."""
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(p: Point, q: Point) -> Point:
    """Add two points (section 5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar: int, point: Point) -> Point:
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


# The base point B (section 5.1): its y is 4/5, its x the even one.
BASE = decode_point(int.to_bytes(4 * pow(5, P - 2, P) % P, 32, "little"))


KEY_BYTES, SIGNATURE_BYTES = 32, 64


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key with public half `public_key` (32 bytes) made `signature` (64 bytes) over `message`."""
    if len(public_key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    a, r = decode_point(public_key), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or BASE is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    left, right = multiply(s, BASE), add(r, multiply(k, a))
    # Projective coordinates: equal when the cross products are.
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# ---- the bundle


class CannotCheckError(Exception):
    """The bundle cannot be read."""


class Stored(io.RawIOBase):
    """A file stored in a ZIP, read past the ZIP's own checksum, so that alterations in it can be reported."""

    def __init__(self, path: Path, info: zipfile.ZipInfo) -> None:
        self.file = path.open("rb")
        self.file.seek(info.header_offset)
        header = self.file.read(LOCAL_HEADER)
        if header[:4] != b"PK\x03\x04" or len(header) < LOCAL_HEADER:
            self.file.close()
            raise zipfile.BadZipFile("its place in the ZIP is damaged")
        name_bytes, extra_bytes = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        self.file.seek(name_bytes + extra_bytes, 1)
        self.left = info.file_size

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(min(size, self.left) if size >= 0 else self.left)
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()
        super().close()


class Bundle:
    """Files by name, in a folder or a ZIP."""

    def __init__(self, path: Path) -> None:
        self.folder = path
        self.zip: zipfile.ZipFile | None = None
        if not path.is_dir():
            try:
                self.zip = zipfile.ZipFile(str(path))
            except (OSError, zipfile.BadZipFile) as error:
                raise CannotCheckError(f"{path} is neither a folder nor a ZIP: {error}") from error

    def names(self) -> list[str]:
        """Return all files' names; one that is in a ZIP twice comes twice."""
        if self.zip is not None:
            return sorted(info.filename for info in self.zip.infolist() if not info.is_dir())
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())

    def pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self.open(name) as file:
                while True:
                    piece = file.read(PIECE)
                    if not piece:
                        return
                    yield piece
        except (OSError, KeyError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise CannotCheckError(f"{name} cannot be read: {error}") from error

    def open(self, name: str) -> Any:
        if self.zip is None:
            return (self.folder / name).open("rb")
        info = self.zip.getinfo(name)
        return Stored(self.folder, info) if info.compress_type == zipfile.ZIP_STORED else self.zip.open(info)

    def read(self, name: str, limit: int = MAX_TEXT) -> bytes:
        data = bytearray()
        for piece in self.pieces(name):
            data += piece
            if len(data) > limit:
                raise CannotCheckError(f"{name} is larger than {limit >> 20} MiB, which is too much for such a file")
        return bytes(data)


def canonical(values: Any) -> bytes:
    """Return the bytes that are signed: JSON with sorted keys and no blanks, UTF-8."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Check:
    """The check of a bundle; collects sentences in `faults` and `strangers` (files that do not belong to it)."""

    def __init__(self, bundle: Bundle, say: Callable[[str], object]) -> None:
        self.bundle = bundle
        self.say = say
        self.faults: list[str] = []
        self.strangers: list[str] = []
        self.keys: dict[str, bytes] = {}
        self.present: set[str] = set()

    def run(self, wanted_key: str | None) -> Any:
        """Check everything; return the bundle's index."""
        index = json.loads(self.bundle.read("bundle.json", MAX_INDEX))
        if index["version"] != VERSION:
            raise CannotCheckError(f"this program reads bundles of version {VERSION}; this one is {index['version']}")
        self.keys = {name: bytes.fromhex(value) for name, value in index["public_keys"].items()}
        for name, value in self.keys.items():
            if hashlib.sha256(value).hexdigest()[:16] != name:
                self.faults.append(f"public key {name} is not the key of that id")
        self.check_index(index, wanted_key)
        self.check_files(index["files"])
        if index["kind"] == "bundle":
            self.check_manifest(index["recording_id"], bytes.fromhex(index["salt"]))
            self.check_audit()
        return index

    def check_index(self, index: Any, wanted_key: str | None) -> None:
        """Check that the site signed the index."""
        signature = json.loads(self.bundle.read("bundle.sig", MAX_INDEX))
        key_id = signature["key_id"]
        fingerprint = hashlib.sha256(self.keys.get(key_id, b"")).hexdigest()
        if wanted_key is not None and fingerprint != wanted_key.lower():
            self.faults.append(f"the bundle is signed with key {fingerprint}, not with {wanted_key}")
        if not self.is_signed(key_id, EXPORT_CONTEXT + canonical(index), signature["signature"]):
            self.faults.append(f"bundle.json: the signature does not match key {key_id}: one of the two was altered")
        self.say(f"bundle signed with key {fingerprint}, made at {index['made_at']} by {index['made_by']}")

    def is_signed(self, key_id: str, message: bytes, signature: str) -> bool:
        """Whether a key of the bundle signed the message; `signature` is in hex."""
        key = self.keys.get(key_id)
        try:
            return key is not None and is_signed(key, message, bytes.fromhex(signature))
        except ValueError:
            return False

    def check_files(self, files: Any) -> None:
        """Check that every listed file is there and unaltered. Others are named, and not checked."""
        listed = {entry["name"]: entry for entry in files}
        counts = Counter(self.bundle.names())
        self.faults += sorted(f"{name} is in the bundle more than once" for name, count in counts.items() if count > 1)
        present = self.present = counts.keys() & listed.keys()
        self.faults += [f"{name} is missing" for name in sorted(listed.keys() - present)]
        self.strangers += sorted(counts.keys() - present - {"bundle.json", "bundle.sig"})
        for name in sorted(present):
            digest, size = hashlib.sha256(), 0
            try:
                for piece in self.bundle.pieces(name):
                    digest.update(piece)
                    size += len(piece)
            except CannotCheckError as error:
                self.faults.append(str(error))
            if (size, digest.hexdigest()) != (listed[name]["size_bytes"], listed[name]["sha256"]):
                self.faults.append(f"{name} was altered: it has {size} bytes, SHA-256 {digest.hexdigest()}")
        self.say(f"{len(present)} files match their digests")

    def check_manifest(self, recording_id: str, salt: bytes) -> None:
        """Check that the manifest is one unbroken, signed chain for this recording, and that the original matches it."""
        if "manifest.jsonl" not in self.present:
            self.faults.append("manifest.jsonl is not in the bundle: nothing says what was recorded")
            return
        lines = self.bundle.read("manifest.jsonl").split(b"\n")
        if lines.pop():
            self.faults.append("manifest.jsonl: the last line is truncated")
        header = json.loads(lines[0])
        if header.get("entry") != "header" or header.get("recording_id") != recording_id:
            self.faults.append("manifest.jsonl: line 1: it is the manifest of another recording")
        entries = self.read_chain(lines)
        self.check_salt(header, salt)
        self.check_original(entries, salt)
        for gap in (entry for entry in entries if entry.get("entry") == "gap"):
            end = "the end" if gap["end_ms"] is None else f"{gap['end_ms']} ms"
            self.say(f"known gap from {gap['start_ms']} ms to {end}: {gap['cause']} ({gap['detail']})")

    def check_salt(self, header: Any, salt: bytes) -> None:
        """Check that the salt of the digests is the one the manifest was started with."""
        if header.get("salt_sha256") != hashlib.sha256(salt).hexdigest():
            self.faults.append("bundle.json: the salt is not the one the manifest was started with")

    def read_chain(self, lines: list[bytes]) -> list[Any]:
        """Return the manifest's lines, each of which has the SHA-256 of the previous one."""
        entries, previous = [], FIRST
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line) if len(line) < MAX_LINE else {}
            except ValueError:
                entry = {}
            if not isinstance(entry, dict) or "entry" not in entry:
                self.faults.append(f"manifest.jsonl: line {number} is not a manifest line")
                entry = {}
            if entry.get("previous") != previous:
                self.faults.append(
                    f"manifest.jsonl: line {number} does not follow the previous one: one of them was altered"
                )
            if entry.get("entry") == "checkpoint":
                unsigned = {name: value for name, value in entry.items() if name != "signature"}
                if not self.is_signed(entry["key_id"], MANIFEST_CONTEXT + canonical(unsigned), entry["signature"]):
                    self.faults.append(
                        f"manifest.jsonl: line {number}: the signature does not match key {entry['key_id']}"
                    )
            previous = hashlib.sha256(line).hexdigest()
            entries.append(entry)
        if not entries or entries[-1].get("entry") != "checkpoint":
            self.faults.append("manifest.jsonl: its end is not signed")
        signers = sorted({str(entry["key_id"]) for entry in entries if entry.get("entry") == "checkpoint"})
        signed = sum(entry.get("entry") == "checkpoint" for entry in entries)
        self.say(f"manifest: {len(entries)} lines in one chain, {signed} signed checkpoints, key {', '.join(signers)}")
        return entries

    def check_seal(self, entries: list[Any], size: int, digest: str) -> None:
        """Check the whole original against the seal."""
        sealed = [entry for entry in entries if entry.get("entry") == "sealed"]
        if not sealed:
            self.faults.append("manifest.jsonl: it was never sealed")
        elif (sealed[-1]["size_bytes"], sealed[-1]["digest"]) != (size, digest):
            self.faults.append(f"the original has {size} bytes and differs from what was sealed")
        self.say(f"original: {size} bytes")

    def check_original(self, entries: list[Any], salt: bytes) -> None:
        """Check each segment against the notes made while it was written, and all of it against the seal."""
        whole, size = hashlib.sha256(salt), 0
        noted: dict[Any, list[Any]] = {}
        for entry in entries:
            if entry.get("entry") in ("chunk", "found"):
                noted.setdefault(entry["segment"], []).append(entry)
        for segment in (entry for entry in entries if entry.get("entry") == "segment_opened"):
            notes = sorted(noted.pop(segment["number"], []), key=lambda entry: entry["start"])
            if segment["name"] in self.present:
                size += self.check_segment(segment["name"], notes, salt, whole)
            elif notes:
                self.faults.append(f"{segment['name']} was recorded but is not in the bundle")
        self.check_seal(entries, size, whole.hexdigest())

    def check_segment(self, name: str, notes: list[Any], salt: bytes, whole: Any) -> int:
        """Check one segment, read once; return its size. `notes` are in byte order."""
        todo, at, digest = deque(notes), 0, hashlib.sha256(salt)
        begun = 0  # where the bytes in `digest` begin
        for piece in self.bundle.pieces(name):
            whole.update(piece)
            rest = memoryview(piece)
            while rest:
                end = max(at, todo[0]["end"]) if todo else at + len(rest)
                digest.update(rest[: end - at])
                taken = len(rest[: end - at])
                at, rest = at + taken, rest[taken:]
                if todo and at == end:
                    self.check_note(name, todo.popleft(), begun, digest.hexdigest())
                    begun, digest = at, hashlib.sha256(salt)
        if todo:
            self.faults.append(f"{name} ends at byte {at} instead of byte {todo[-1]['end']}")
        elif at > begun:
            self.faults.append(f"{name}: bytes {begun} to {at} are not covered by the manifest")
        return at

    def check_note(self, name: str, note: Any, begun: int, digest: str) -> None:
        """Check the bytes that one line of the manifest covers."""
        if note["start"] != begun:
            self.faults.append(f"{name}: bytes {begun} to {note['start']} are not covered by the manifest")
        elif digest != note["digest"]:
            self.faults.append(f"{name}: bytes {note['start']} to {note['end']} are not what was recorded")

    def check_audit(self) -> None:
        """Check that each event is unaltered; the chain between them is the site's, which has the events in between."""
        if "audit.jsonl" not in self.present:
            return
        lines = self.bundle.read("audit.jsonl").splitlines()
        for line in lines:
            event = json.loads(line)
            covered = {name: value for name, value in event.items() if name not in UNCOVERED}
            text = json.dumps(covered, sort_keys=True, separators=(",", ":"))
            if hashlib.sha256(text.encode()).hexdigest() != event["hash"]:
                self.faults.append(f"audit.jsonl: event {event['id']} was altered")
        self.say(f"{len(lines)} audit events of this recording")


def main(arguments: list[str] | None = None) -> int:
    """Run the program; return its exit status."""
    parser = argparse.ArgumentParser(description="Check an export bundle of Reelgate.")
    here = Path(__file__).resolve().parent
    parser.add_argument("bundle", nargs="?", type=Path, default=here, help="the ZIP, or the folder it was unpacked to")
    parser.add_argument(
        "--key", metavar="FINGERPRINT", help="fingerprint of the site's public key, obtained from the site"
    )
    options = parser.parse_args(arguments)
    if options.key is not None and len(options.key) != FINGERPRINT_DIGITS:
        put(f"CANNOT BE CHECKED: --key needs the whole fingerprint, {FINGERPRINT_DIGITS} hex digits")
        return 2
    check: Check | None = None
    try:
        check = Check(Bundle(options.bundle), put)
        index = check.run(options.key)
    except CannotCheckError as error:
        tell(check)
        put(f"CANNOT BE CHECKED: {error}")
        return 2
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        tell(check)
        put(f"NOT SOUND: the bundle's index is damaged ({type(error).__name__}: {error})")
        return 1
    tell(check)
    if check.faults:
        put(f"NOT SOUND: {len(check.faults)} fault(s)")
        return 1
    if options.key is None:
        put(f"UNPROVEN: nothing is wrong with recording {index['recording_id']}, provided that the key is the site's.")
        put(
            "Get the fingerprint of the site's public key from the site and pass it as --key: anybody can sign with another key."
        )
        return 3
    put(verdict(index))
    return 0


def put(text: str) -> None:
    """Print one line. The bundle is untrusted: characters a terminal would act on or hide are escaped."""
    print("".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:MAX_SAID]))


def tell(check: Check | None) -> None:
    """Print the faults, one line each, and what was left out."""
    if check is None:
        return
    for stranger in check.strangers[:MAX_NAMED]:
        put(f"WARNING: {stranger} does not belong to the bundle and was not checked")
    for fault in check.faults[:MAX_NAMED]:
        put(f"FAULT: {fault}")
    for kind, found in (("files that do not belong to the bundle", check.strangers), ("faults", check.faults)):
        if len(found) > MAX_NAMED:
            put(f"and {len(found) - MAX_NAMED} more {kind}")


def verdict(index: Any) -> str:
    """Return what was shown, and not more."""
    if index["kind"] != "bundle":
        return f"SOUND: this is the {index['kind']} copy that the site made of recording {index['recording_id']}."
    return f"SOUND: recording {index['recording_id']} is whole and as it was recorded."


if __name__ == "__main__":
    sys.exit(main())
