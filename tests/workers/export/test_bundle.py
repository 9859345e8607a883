"""A bundle of a recorded session is checked by its own verifier, alone; whatever is done to it is reported."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway import pipeline as gateway_pipeline
from gateway.core.recording.entries import Ended, Header, SegmentClosed, SegmentOpened
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER, recording_folder, segment_name
from gateway.core.recording.manifest import encode_first_version
from gateway.core.recording.states import RecordingKind, RecordingSource
from gateway.db.columns import new_id, utc_now
from gateway.db.models import Export, Recording
from gateway.keys.signing import Signer
from tests.parts.recordings import ignore_job, place_recording, small_original
from tests.workers.export import ordering
from tests.workers.export.conftest import Site
from workers import pipeline
from workers.export.verifier import EXPORT_CONTEXT, canonical, main

FILES = [
    "README.txt",
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
    key_id = bundle.facts["key_id"]
    said = alone(unpacked / "verify.py", "--key", key_id)
    assert said.status == 0, said.text
    assert f"SOUND: recording {bundle.recording_id} is whole" in said.text
    assert "original: 54341 bytes" in said.text
    packed = alone(unpacked / "verify.py", str(bundle_zip))
    assert packed.status == 0, packed.text
    assert "Ask the site for the id" in packed.text


def test_it_has_all_there_is_with_the_pictures_of_hits(site: Site, bundle: Export, unpacked: Path) -> None:
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert names >= {*FILES, f"keys/{bundle.facts['key_id']}.pem", "bundle.json", "bundle.sig"}
    hits = json.loads((unpacked / "hits.json").read_text())
    assert bundle.facts["hit_count"] == len(hits["hits"]) > 0
    texts = {hit["picture"]: hit["text"] for hit in hits["hits"]}
    assert any("Lindqvist" in text for text in texts.values())
    assert all((unpacked / name).read_bytes().startswith(b"\x89PNG") for name in texts)
    original = b"".join(path.read_bytes() for path in sorted((unpacked / "segments").iterdir()))
    assert sha256(original).hexdigest() == site.recording.digest
    events = [json.loads(line) for line in (unpacked / "audit.jsonl").read_text().splitlines()]
    assert [event["tag"] for event in events][:1] == ["worker:recording:sealed"]
    assert "api:export:ordered" in {event["tag"] for event in events}
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


def test_what_was_added_or_has_no_list_is_reported(unpacked: Path, verify: Callable[..., Said]) -> None:
    (unpacked / "segments" / "000002.guac").write_bytes(b"4.sync,1.1;")
    assert "FAULT: segments/000002.guac does not belong to the bundle" in verify(unpacked).text
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
    assert "FAULT: video.mp4 is there more than once" in verify(altered).text
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
    said = verify(unpacked, "--key", bundle.facts["key_id"])
    assert said.status == 1
    assert f"not with {bundle.facts['key_id']}" in said.text


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
    path = site.context.files.folder(site.recording) / segment_name(1)
    sound = path.read_bytes()
    flip(path)
    try:
        export = ordering.bundle(site.context, site.recording)
    finally:
        path.write_bytes(sound)
    assert "segments/000001.guac" in export.facts["damage"][0]
    assert export.facts["faults"]
    said = verify(ordering.fetched(site.context, export, tmp_path / "bundle.zip"))
    assert said.status == 1
    assert "segments/000001.guac" in said.text


def test_one_whose_gateway_was_killed_is_sound_with_its_gap(
    site: Site, tmp_path: Path, verify: Callable[..., Said]
) -> None:
    recording = place_recording(site.context, [small_original(2)], ended=False)
    pipeline.run_next(site.context, recording.id)
    export = ordering.bundle(site.context, reloaded(site, recording))
    said = verify(ordering.fetched(site.context, export, tmp_path / "bundle.zip"))
    assert said.status == 0, said.text
    assert "known gap from" in said.text
    assert "gateway_lost" in said.text


def test_one_from_before_encryption_and_chains_is_exported_and_said_to_be(
    site: Site, tmp_path: Path, verify: Callable[..., Said]
) -> None:
    recording = place_old(site)
    pipeline.run_next(site.context, recording.id)
    export = ordering.bundle(site.context, reloaded(site, recording))
    path = ordering.fetched(site.context, export, tmp_path / "bundle.zip")
    said = verify(path)
    assert said.status == 0, said.text
    assert "from before recordings were signed while they ran" in said.text
    with zipfile.ZipFile(path) as pack:
        at = pack.getinfo("segments/000000.guac").header_offset
    flip(path, at + 200)
    assert "segments/000000.guac is not what was recorded" in verify(path).text


def reloaded(site: Site, recording: Recording) -> Recording:
    with site.context.database.read() as session:
        found = session.get(Recording, recording.id)
        assert found is not None
        return found


def place_old(site: Site) -> Recording:
    """A recording as version 1 of the manifest had it: files in clear, no chain, no key."""
    at, recording_id, data = datetime(2026, 1, 2, tzinfo=UTC), new_id(), small_original(2)
    entries: list[Any] = [
        Header(1, recording_id, None, "lab", "olga", at, RecordingKind.DESKTOP),
        SegmentOpened(0, segment_name(0), at),
        SegmentClosed(0, len(data), len(data), sha256(data).hexdigest()),
        Ended(at, "operator_left"),
    ]
    recording = Recording(
        id=recording_id,
        source=RecordingSource.LIVE,
        folder=recording_folder(recording_id, at),
        target_name="lab",
        operator_name="olga",
        started_at=at,
        closed_at=utc_now(),
    )
    folder = site.context.files.folder(recording)
    (folder / SEGMENT_FOLDER).mkdir(parents=True)
    (folder / segment_name(0)).write_bytes(data)
    (folder / MANIFEST).write_bytes(b"".join(encode_first_version(entry) + b"\n" for entry in entries))
    with site.context.database.write() as session:
        session.add(recording)
        session.flush()
        gateway_pipeline.begin(session, recording, ignore_job)
    return recording
