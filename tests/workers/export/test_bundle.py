"""A bundle of a recorded session is checked by its own verifier, alone; whatever is done to it is reported."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.core.recording.layout import segment_name
from gateway.db.models import Export, Recording
from gateway.keys.signing import Signer
from tests.parts.recordings import place_recording, small_original
from tests.workers.export import requesting
from tests.workers.export.conftest import Site
from workers import stages as pipeline
from workers.export.verifier import EXPORT_CONTEXT, Bundle, Check, canonical, main

FILES = [
    "README.txt",
    "audit-head.json",
    "audit.jsonl",
    "hits.json",
    "keyframes.zip",
    "manifest.jsonl",
    "recording.json",
    "segments/000000.guac",
    "segments/000001.guac",
    "spans.jsonl.gz",
    "verify.py",
    "video.mp4",
]


@dataclass(frozen=True)
class Said:
    """What the verifier said, and its exit status."""

    status: int
    text: str


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(path: Path, *options: str) -> Said:
        capsys.readouterr()
        status = main([str(path), *options])
        return Said(status, capsys.readouterr().out)

    return run


def alone(program: Path, *arguments: str) -> Said:
    """Run it as a stranger would: no environment, no packages, no working folder of ours."""
    answer = subprocess.run(
        [sys.executable, "-I", "-S", str(program), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={},
    )
    return Said(answer.returncode, answer.stdout + answer.stderr)


def flip(path: Path, at: int | None = None) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at is None else at] ^= 1
    path.write_bytes(data)


def sign_again(folder: Path, signer: Signer | Ed25519PrivateKey) -> None:
    """Make a list of the files as they are now, and sign it: what somebody who has a key could do afterwards."""
    index = json.loads((folder / "bundle.json").read_text())
    for file in index["files"]:
        data = (folder / file["name"]).read_bytes()
        file |= {"size_bytes": len(data), "sha256": sha256(data).hexdigest()}
    key_id = json.loads((folder / "bundle.sig").read_text())["key_id"]
    if isinstance(signer, Ed25519PrivateKey):
        public = signer.public_key().public_bytes_raw()
        key_id = sha256(public).hexdigest()[:16]
        index["public_keys"][key_id] = public.hex()
    signature = {"key_id": key_id, "signature": signer.sign(EXPORT_CONTEXT + canonical(index)).hex()}
    (folder / "bundle.json").write_text(json.dumps(index))
    (folder / "bundle.sig").write_text(json.dumps(signature))


def test_it_verifies_where_there_is_nothing_but_python(bundle: Export, bundle_zip: Path, unpacked: Path) -> None:
    fingerprint = bundle.facts["key_fingerprint"]
    said = alone(unpacked / "verify.py", "--key", fingerprint)
    assert said.status == 0, said.text
    assert f"SOUND: recording {bundle.recording_id} is whole" in said.text
    assert "original: 54341 bytes" in said.text
    packed = alone(unpacked / "verify.py", str(bundle_zip))
    assert packed.status == 3, "it is signed with a key that is in it: no script may read that as proof"
    assert "UNPROVEN" in packed.text
    assert "SOUND" not in packed.text
    assert fingerprint in packed.text, "all of it: half a fingerprint can be made to fit"
    assert alone(unpacked / "verify.py", "--key", fingerprint[:16]).status == 2


def test_it_has_all_there_is_with_the_pictures_of_hits(site: Site, bundle: Export, unpacked: Path) -> None:
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert names >= {*FILES, f"keys/{bundle.facts['key_fingerprint'][:16]}.pem", "bundle.json", "bundle.sig"}
    hits = json.loads((unpacked / "hits.json").read_text())
    assert bundle.facts["hit_count"] == len(hits["hits"]) > 0
    texts = {hit["picture"]: hit["text"] for hit in hits["hits"]}
    assert any("Lindqvist" in text for text in texts.values())
    assert all((unpacked / name).read_bytes().startswith(b"\x89PNG") for name in texts)
    original = b"".join(path.read_bytes() for path in sorted((unpacked / "segments").iterdir()))
    assert sha256(original).hexdigest() == site.recording.digest
    events = [json.loads(line) for line in (unpacked / "audit.jsonl").read_text().splitlines()]
    assert [event["tag"] for event in events][:3] == [
        "tunnel:recording:opened",
        "tunnel:recording:closed",
        "worker:recording:sealed",
    ]
    assert "api:export:requested" in {event["tag"] for event in events}
    facts = json.loads((unpacked / "recording.json").read_text())
    assert facts["recording"]["id"] == site.recording.id
    assert facts["damage_found_at_export"] == []
    assert (bundle.facts["faults"], bundle.facts["damage"]) == ([], [])


@pytest.mark.parametrize("name", [*FILES, "bundle.json", "bundle.sig"])
def test_each_altered_file_is_reported(name: str, unpacked: Path, verify: Callable[..., Said]) -> None:
    flip(unpacked / name)
    said = verify(unpacked)
    assert said.status == 1, said.text
    assert "NOT SOUND" in said.text
    if name in FILES:
        assert f"FAULT: {name} was altered" in said.text


@pytest.mark.parametrize("name", FILES)
def test_each_truncated_or_missing_file_is_reported(name: str, unpacked: Path, verify: Callable[..., Said]) -> None:
    data = (unpacked / name).read_bytes()
    (unpacked / name).write_bytes(data[:-1])
    said = verify(unpacked)
    assert (said.status, f"FAULT: {name} was altered" in said.text) == (1, True), said.text
    (unpacked / name).unlink()
    said = verify(unpacked)
    assert (said.status, f"FAULT: {name} is missing" in said.text) == (1, True), said.text


def test_a_stranger_is_named_and_a_bundle_without_its_list_is_not_checked(
    unpacked: Path, verify: Callable[..., Said]
) -> None:
    for name in (".DS_Store", "segments/000002.guac", "a note of mine.txt"):
        (unpacked / name).write_bytes(b"4.sync,1.1;")
        said = verify(unpacked)
        assert said.status == 3, said.text
        assert f"WARNING: {name} does not belong to the bundle" in said.text
    (unpacked / "bundle.json").unlink()
    assert verify(unpacked).status == 2


def test_a_zip_that_was_altered_says_in_which_bytes(
    bundle_zip: Path, tmp_path: Path, verify: Callable[..., Said]
) -> None:
    altered = Path(shutil.copy(bundle_zip, tmp_path / "altered.zip"))
    with zipfile.ZipFile(altered) as pack:
        info = pack.getinfo("segments/000001.guac")
    flip(altered, info.header_offset + 200)
    said = verify(altered)
    assert said.status == 1
    assert "FAULT: segments/000001.guac: bytes 0 to " in said.text
    with zipfile.ZipFile(altered, "a") as pack, pytest.warns(UserWarning, match="Duplicate"):
        pack.writestr("video.mp4", b"another")
    assert "FAULT: video.mp4 is in the bundle more than once" in verify(altered).text
    altered.write_bytes(bundle_zip.read_bytes()[:-100])
    assert verify(altered).status == 2


def test_who_signs_an_altered_original_again_is_found_out(
    site: Site, unpacked: Path, verify: Callable[..., Said]
) -> None:
    """Even with the site's own key: the manifest was signed while the session ran."""
    flip(unpacked / "segments/000000.guac", 100)
    sign_again(unpacked, site.context.keys.signer())
    said = verify(unpacked)
    assert said.status == 1
    assert "was altered" not in said.text
    assert "FAULT: segments/000000.guac: bytes 0 to " in said.text


def test_who_signs_with_another_key_is_found_out_by_who_knows_the_right_one(
    bundle: Export, unpacked: Path, verify: Callable[..., Said]
) -> None:
    (unpacked / "README.txt").write_text("nothing to see")
    stranger = Ed25519PrivateKey.generate()
    sign_again(unpacked, stranger)
    said = verify(unpacked, "--key", bundle.facts["key_fingerprint"])
    assert said.status == 1
    assert f"not with {bundle.facts['key_fingerprint']}" in said.text


def test_nothing_in_a_bundle_reaches_the_terminal_but_text(
    site: Site, unpacked: Path, verify: Callable[..., Said]
) -> None:
    index = json.loads((unpacked / "bundle.json").read_text())
    hostile = "\x1b]0;pwned\x07\u202e\x9b2J"
    (unpacked / "bundle.json").write_text(json.dumps(index | {"made_by": hostile}))
    (unpacked / "strange\x1b[2J.txt").write_text("x")
    sign_again(unpacked, site.context.keys.signer())
    said = verify(unpacked)
    assert all(c.isprintable() or c == "\n" for c in said.text)
    assert "pwned" in said.text
    assert "strange\\x1b[2J.txt" in said.text


def test_a_bundle_of_many_names_is_read_once(tmp_path: Path, verify: Callable[..., Said]) -> None:
    """Counting each name among all took half a minute for 20,000."""
    calls = 0

    class Names(list[str]):
        def count(self, name: str, /) -> int:
            nonlocal calls
            calls += 1
            return super().count(name)

    check = Check(Bundle(tmp_path), lambda _line: None)
    check.bundle.names = lambda: Names(str(number) for number in range(2000))  # type: ignore[method-assign]
    check.check_files([])
    assert (calls, len(check.strangers)) == (0, 2000)
    assert verify(tmp_path).status == 2


@pytest.mark.parametrize("name", ["bundle.json", "bundle.sig"])
def test_a_list_without_end_is_not_read(name: str, unpacked: Path, verify: Callable[..., Said]) -> None:
    with (unpacked / name).open("ab") as file:
        file.truncate(2**32)
    said = verify(unpacked)
    assert said.status == 2
    assert f"{name} is larger than" in said.text


def test_every_line_of_the_manifest_counts(site: Site, unpacked: Path, verify: Callable[..., Said]) -> None:
    path = unpacked / "manifest.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    signer = site.context.keys.signer()
    for number in range(len(lines)):
        path.write_bytes(b"".join([*lines[:number], *lines[number + 1 :]]))
        sign_again(unpacked, signer)
        assert verify(unpacked).status == 1, f"line {number + 1} dropped"
        for at in (0, len(lines[number]) // 2, len(lines[number]) - 2):
            altered = bytearray(lines[number])
            altered[at] ^= 1
            path.write_bytes(b"".join([*lines[:number], bytes(altered), *lines[number + 1 :]]))
            sign_again(unpacked, signer)
            assert verify(unpacked).status == 1, f"byte {at} of line {number + 1} altered"
    path.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    sign_again(unpacked, signer)
    assert verify(unpacked).status == 1, "lines changed places"


def test_the_salt_must_be_that_of_the_manifest(site: Site, unpacked: Path, verify: Callable[..., Said]) -> None:
    index = json.loads((unpacked / "bundle.json").read_text())
    (unpacked / "bundle.json").write_text(json.dumps(index | {"salt": "00" * 32}))
    sign_again(unpacked, site.context.keys.signer())
    assert "FAULT: bundle.json: the salt is not the one" in verify(unpacked).text


def test_an_altered_audit_event_is_reported(site: Site, unpacked: Path, verify: Callable[..., Said]) -> None:
    path = unpacked / "audit.jsonl"
    path.write_text(path.read_text().replace("cora", "carl", 1))
    sign_again(unpacked, site.context.keys.signer())
    assert "FAULT: audit.jsonl: event" in verify(unpacked).text


def test_a_recording_that_was_damaged_is_handed_out_as_such(
    site: Site, tmp_path: Path, verify: Callable[..., Said]
) -> None:
    path = site.context.files.folder(site.recording) / segment_name(1, "guac")
    sound = path.read_bytes()
    flip(path)
    try:
        export = requesting.bundle(site.context, site.recording)
    finally:
        path.write_bytes(sound)
    assert "segments/000001.guac" in export.facts["damage"][0]
    assert export.facts["faults"]
    said = verify(requesting.fetched(site.context, export, tmp_path / "bundle.zip"))
    assert said.status == 1
    assert "segments/000001.guac" in said.text


def test_one_whose_gateway_was_killed_is_sound_with_its_gap(
    site: Site, tmp_path: Path, verify: Callable[..., Said]
) -> None:
    recording = place_recording(site.context, [small_original(2)], ended=False)
    pipeline.run_next(site.context, recording.id)
    export = requesting.bundle(site.context, reloaded(site, recording))
    said = verify(requesting.fetched(site.context, export, tmp_path / "bundle.zip"))
    assert said.status == 3, said.text
    assert "known gap from" in said.text
    assert "gateway_lost" in said.text


def reloaded(site: Site, recording: Recording) -> Recording:
    with site.context.database.read() as session:
        found = session.get(Recording, recording.id)
        assert found is not None
        return found
