"""The desktop in a real browser, on real targets: focus, leaving, and why a target could not be opened.

With REELGATE_SCREENSHOTS set to a folder, what is seen is kept there as pictures.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.core.desktop.guac import NEED_DATA, GuacParser
from gateway.core.policy.access import Role
from tests.e2e.browser import signed_in
from tests.e2e.gate import Gate, wait_for
from tests.parts.desktops import RdpDesktop, RunningDesktop, VncDesktop

pytestmark = pytest.mark.timeout(400)

SOON = 30_000


@pytest.fixture
def gate(live_site: Gate) -> Gate:
    return live_site


def opened(browser: Browser, gate: Gate, name: str, user: str = "operator") -> Page:
    """A page with the target's desktop, connected, that came from the list of targets."""
    page = signed_in(browser, gate, user)
    page.goto("/targets")
    page.get_by_role("link", name=f"Open {name}").click()
    expect(page.get_by_test_id("connection-state")).to_have_attribute("data-state", "connected", timeout=SOON)
    return page


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("REELGATE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def disconnect(page: Page) -> None:
    page.get_by_test_id("connection-state").hover()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("The recording is kept.")).to_be_visible(timeout=SOON)


def typed_into(gate: Gate, name: str) -> str:
    """The Latin-1 characters whose keys were pressed in the target's session, once it is sealed."""

    def look() -> str | None:
        return next((row["id"] for row in gate.recordings() if row["target_name"] == name and row["size_bytes"]), None)

    with gate.client(Role.COMPLIANCE) as compliance:
        original = compliance.get(f"/api/recordings/{wait_for('the recording', look, 60)}/original").content
    parser, typed = GuacParser(), ""
    parser.feed(original)
    while (item := parser.next_instruction()) is not NEED_DATA:
        if item.opcode == "key" and item.args[1] == "1" and int(item.args[0]) < 0x100:
            typed += chr(int(item.args[0]))
    return typed


@pytest.mark.parametrize("kind", [VncDesktop, RdpDesktop], ids=["vnc", "rdp"])
def test_typing_goes_to_the_desktop_after_every_menu_and_panel(
    kind: type[RunningDesktop], gate: Gate, browser: Browser, tmp_path: Path
) -> None:
    name = f"Focus {kind.__name__}"
    with kind(tmp_path / "desktop") as desktop:  # type: ignore[arg-type]
        gate.add_target(name, desktop.target)
        page = opened(browser, gate, name)
        bar = page.get_by_test_id("connection-state")
        page.keyboard.type("a")
        bar.hover()
        page.get_by_role("button", name="Send keys").click()
        page.get_by_role("menuitem", name="Ctrl + Alt + Delete").click()
        expect(page.get_by_role("menuitem", name="Ctrl + Alt + Delete")).to_have_count(0)
        page.keyboard.type("b")
        bar.hover()
        page.get_by_role("button", name="Actual size").click()
        page.keyboard.type("c")
        page.get_by_role("button", name="Clipboard").click()
        expect(page.get_by_label("To the target")).to_be_visible()
        page.get_by_label("To the target").fill("5 € 🔑")
        picture(page, f"clipboard-{kind.__name__}")
        page.keyboard.press("Escape")
        expect(page.get_by_label("To the target")).to_have_count(0)
        page.keyboard.type("d")
        page.keyboard.press("Control+Alt+Shift")
        expect(page.get_by_role("button", name="This session is recorded. Tools")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.type("e")
        expect(page.get_by_test_id("display")).to_be_focused()
        page.mouse.move(700, 600)
        expect(bar).to_have_attribute("data-dot", "true", timeout=SOON)
        picture(page, f"dot-{kind.__name__}")
        disconnect(page)
    assert typed_into(gate, name) == "abcde"


def test_going_back_asks_first(gate: Gate, browser: Browser, tmp_path: Path) -> None:
    with VncDesktop(tmp_path / "desktop") as desktop:
        gate.add_target("Back", desktop.target)
        page = opened(browser, gate, "Back")
        page.go_back()
        picture(page, "leaving")
        page.get_by_role("button", name="Stay").click()
        expect(page.get_by_test_id("display")).to_be_focused()
        page.keyboard.type("x")
        page.go_back()
        page.get_by_role("button", name="End session").click()
        expect(page.get_by_role("heading", name="Targets")).to_be_visible(timeout=SOON)
    assert typed_into(gate, "Back") == "x"


def test_why_a_target_could_not_be_opened(gate: Gate, browser: Browser, tmp_path: Path) -> None:
    with VncDesktop(tmp_path / "desktop") as desktop:
        identifier = gate.add_target("Wrong", desktop.target)
        with gate.client(Role.ADMIN) as admin:
            admin.put(f"/api/targets/{identifier}/credential", json={"username": "", "secret": "wrong"})
        page = signed_in(browser, gate, "admin")
        page.goto(f"/desktop/{identifier}")
        expect(page.get_by_role("heading", name="Sign-in at the target failed")).to_be_visible(timeout=SOON)
        expect(page.get_by_text(f"127.0.0.1:{desktop.target.port}")).to_be_visible()
        picture(page, "refused")
        with gate.client(Role.ADMIN) as admin:
            admin.delete(f"/api/targets/{identifier}/credential")
        page.goto(f"/desktop/{identifier}")
        expect(page.get_by_role("heading", name="No credential is stored")).to_be_visible(timeout=SOON)
        page.goto("/targets")
        page.get_by_role("button", name="Manage Wrong").click()
        page.get_by_role("menuitem", name="Test connection").click()
        page.get_by_role("button", name="Test connection").click()
        expect(page.get_by_text("asks for a password and none is stored")).to_be_visible(timeout=SOON)
        picture(page, "trial")
    page.goto(f"/desktop/{identifier}")
    expect(page.get_by_role("heading", name="Nothing listens at the target")).to_be_visible(timeout=SOON)
