"""`reelgate export` writes a file that its verifier finds sound, is audited, and says what it cannot do."""

import zipfile
from pathlib import Path

import pytest

from gateway.audit import AuditTag
from gateway.db.repositories import audit_subjects
from tests.parts.program import reelgate
from tests.workers.export.conftest import Site
from workers.export.verifier import main


@pytest.fixture
def site_settings(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(site.context.settings.data_dir))
    return site


def run(*arguments: str) -> tuple[int, str]:
    answer = reelgate("export", *arguments)
    return answer.exit_code, answer.output


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ((), "manifest.jsonl"),
        (("--query", "Lindqvist"), "hits.json"),
        (("--clip", "0:07", "8.5"), "copy.mp4"),
        (("--clip", "7", "8", "--redact", "Lindqvist", "--region", "0,0,20,20"), "copy.json"),
    ],
)
def test_what_is_written_is_sound_and_audited(
    site_settings: Site, tmp_path: Path, options: tuple[str, ...], name: str
) -> None:
    output = tmp_path / "export.zip"
    recording = site_settings.recording
    status, text = run(recording.id, "-o", str(output), *options)
    assert status == 0, text
    assert main([str(output), "--key", text.split()[-1]]) == 0
    assert name in zipfile.ZipFile(output).namelist()
    with site_settings.context.database.read() as session:
        event = audit_subjects.events(session, [recording.id])[-1]
    assert event.tag == AuditTag.EXPORT_MADE_BY_COMMAND
    assert "Lindqvist" not in str(event.details) or "--query" in options
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--clip", "8", "7"), "end after the beginning"),
        (("--clip", "soon", "7"), "soon is not a time"),
        (("--region", "1,2,3"), "not a region"),
        (("--pattern", "(a"), "RE2"),
        (("--query", "a", "--clip", "0", "1"), "only a bundle"),
        (("--clip", "0:00", "1", "--query", '"'), "only a bundle"),
    ],
)
def test_what_cannot_be_done_is_said(site_settings: Site, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    status, text = run(site_settings.recording.id, "-o", str(tmp_path / "export.zip"), *options)
    assert status == 2
    assert said in text
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_and_what_is_not_there_is_named(site_settings: Site, tmp_path: Path) -> None:
    output = tmp_path / "export.zip"
    assert "there is no recording none" in run("none", "-o", str(output))[1]
    output.write_bytes(b"mine")
    assert run(site_settings.recording.id, "-o", str(output))[0] == 2
    assert output.read_bytes() == b"mine"
