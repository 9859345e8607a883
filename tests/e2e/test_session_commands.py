"""An auditor writes to, locks and ends a running session; the operator reads it on the desktop."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.core.policy.access import Role
from tests.e2e.browser import signed_in
from tests.e2e.gate import Gate
from tests.e2e.test_desktop import opened, typed_into
from tests.parts.desktops import VncDesktop

pytestmark = pytest.mark.timeout(400)

SOON = 30_000


@pytest.fixture
def gate(live_site: Gate) -> Gate:
    return live_site


def look(page: Page, name: str) -> None:
    """Keep pictures where they are wanted, on a screen and on a phone, light and dark."""
    folder = os.environ.get("REELGATE_SCREENSHOTS")
    before = page.viewport_size
    for width, height in ((1440, 900), (390, 844)) if folder else ():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=Path(folder or "") / f"{name}-{width}-{scheme}.png")
    if folder and before is not None:
        page.set_viewport_size(before)


def give(page: Page, verb: str, action: str, text: str, done: str) -> None:
    """Give a command to the newest session on the page of sessions."""
    page.get_by_role("button", name="Manage the session of").first.click()
    look(page, f"menu-{action}")
    page.get_by_role("menuitem", name=verb, exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(text)
    look(page, f"dialog-{action}")
    dialog.get_by_role("button", name=action, exact=True).click()
    expect(page.get_by_text(done)).to_be_visible(timeout=SOON)


def test_a_session_is_written_to_locked_and_ended(gate: Gate, browser: Browser, tmp_path: Path) -> None:
    with VncDesktop(tmp_path / "desktop") as desktop:
        gate.add_target("Watched", desktop.target)
        operator = opened(browser, gate, "Watched")
        operator.keyboard.type("a")
        auditor = signed_in(browser, gate, "auditor")
        auditor.goto("/sessions")

        give(auditor, "Send a message", "Send", "Please close the payroll file.", "The message is on the")
        expect(operator.get_by_text("Please close the payroll file.")).to_be_visible(timeout=SOON)
        look(operator, "message")
        operator.get_by_role("button", name="Understood").click()
        expect(operator.get_by_text("Please close the payroll file.")).to_have_count(0)

        give(auditor, "Lock input", "Lock", "Wait for the owner.", "The input is locked.")
        expect(operator.get_by_text("Wait for the owner.")).to_be_visible(timeout=SOON)
        operator.get_by_test_id("display").click(position={"x": 50, "y": 50})
        operator.keyboard.type("xyz")
        look(operator, "locked")
        expect(auditor.get_by_text("input locked")).to_be_visible(timeout=SOON)

        give(auditor, "Unlock input", "Unlock", "Go on.", "The input is unlocked.")
        expect(operator.get_by_text("Wait for the owner.")).to_have_count(0, timeout=SOON)
        operator.get_by_test_id("display").click(position={"x": 50, "y": 50})
        operator.keyboard.type("b")

        give(auditor, "End session", "End session", "This was not agreed.", "The session has ended.")
        expect(operator.get_by_text("This was not agreed.")).to_be_visible(timeout=SOON)
        look(operator, "ended")
        look(auditor, "sessions")
    assert typed_into(gate, "Watched") == "ab"
    check_rows(gate)


def check_rows(gate: Gate) -> None:
    """The session's row and its commands say the same."""
    with gate.client(Role.AUDITOR) as client:
        rows = client.get("/api/sessions").json()["items"]
        session = next(row for row in rows if row["target_name"] == "Watched")
        commands = client.get(f"/api/sessions/{session['id']}/commands").json()["items"]
    assert session["close_reason"] == "terminated"
    assert [(row["verb"], row["state"]) for row in reversed(commands)] == [
        ("message", "done"),
        ("lock", "done"),
        ("unlock", "done"),
        ("end", "done"),
    ]
    assert commands[-1]["acknowledged_at"] is not None
