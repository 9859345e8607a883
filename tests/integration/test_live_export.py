"""A session recorded by a real guacd, and what a stranger with nothing but Python finds in its bundle."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.db.repositories import recordings
from gateway.settings import Settings
from tests.gateway.proxies.desktop.site import Operator, Site
from tests.parts.desktops import VncDesktop
from tests.parts.guacd import Guacd
from tests.workers.export import requesting
from workers import stages as pipeline
from workers.running.work import WorkerContext


@pytest.fixture
def site(tmp_path: Path, guacd: Guacd) -> Iterator[Site]:
    (tmp_path / "data").mkdir()
    with Site(Settings(data_dir=tmp_path / "data", guacd=guacd.address, free_space_floor_bytes=0)) as running:
        yield running


def test_a_live_sessions_bundle_is_sound_and_every_altered_byte_of_its_original_is_not(
    site: Site, vnc_desktop: VncDesktop, tmp_path: Path
) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync", count=3)
        operator.type_line("echo hello")
        operator.wait_for("sync", count=3)
        operator.send("disconnect")
        operator.wait_closed()
    recording_id = site.recording_of(site.closed_session().id).id
    context = WorkerContext.build(site.state.settings)
    try:
        pipeline.run_next(context, recording_id)
        with context.database.write() as session:
            session.add(requesting.cora())
            recording = recordings.get(session, recording_id)
        export = requesting.bundle(context, recording)
        folder = tmp_path / "bundle"
        shutil.unpack_archive(requesting.fetched(context, export, tmp_path / "bundle.zip"), folder)
    finally:
        context.database.close()

    def checked() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(folder / "verify.py"), "--key", export.facts["key_fingerprint"]]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})

    sound = checked()
    assert (sound.returncode, "is whole and as it was recorded" in sound.stdout) == (0, True), sound.stdout
    assert "tunnel:session:opened" in (folder / "audit.jsonl").read_text()
    segment = folder / "segments" / "000000.guac"
    data = bytearray(segment.read_bytes())
    data[-1] ^= 1
    segment.write_bytes(data)
    altered = checked()
    assert altered.returncode == 1
    assert f"to {len(data)} are not what was recorded" in altered.stdout
