"""The compliance officer's pages on the whole product: verify, hold, custody, archive, retention, storage, capacity.

With REELGATE_SCREENSHOTS set to a folder, the pages are kept there as pictures (those of the README are made so).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import signed_in
from tests.e2e.gate import Gate

pytestmark = pytest.mark.timeout(600)

SAMPLE = "terminal-vnc"
SOON = 30_000


@pytest.fixture
def gate(sample_site: Gate) -> Gate:
    return sample_site


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def page(browser: Browser, gate: Gate, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = signed_in(browser, gate, "compliance", *request.param)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    page.context.close()
    assert not failures


def look(page: Page, name: str) -> None:
    """Nothing is wider than the screen; keep a picture where one is wanted."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
    folder = os.environ.get("REELGATE_SCREENSHOTS")
    for scheme in ("light", "dark") if folder else ():
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=Path(folder or "") / f"{name}-{width}-{scheme}.png")


def test_a_recording_is_verified_held_and_accounted_for(page: Page, gate: Gate) -> None:
    page.goto(f"/recordings/{gate.finished(SAMPLE)['id']}")
    page.get_by_role("tab", name="Integrity").click()
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("Whole").first).to_be_visible(timeout=SOON)
    look(page, "integrity")
    keeping = page.get_by_role("region", name="Retention")
    keeping.get_by_role("button", name="Place a hold").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Asked for by the court")
    dialog.get_by_label("Case number").fill("C-2026-17")
    dialog.get_by_role("button", name="Place hold").click()
    expect(keeping.get_by_text("C-2026-17").first).to_be_visible(timeout=SOON)
    expect(keeping.get_by_text("not while it is held")).to_be_visible()
    page.get_by_role("tab", name="Custody").click()
    trail = page.get_by_role("tabpanel", name="Custody")
    expect(trail.get_by_text("Hold placed").first).to_be_visible(timeout=SOON)
    look(page, "custody")
    page.get_by_role("tab", name="Archive").click()
    expect(page.get_by_text("manifest.jsonl").first).to_be_visible(timeout=SOON)
    look(page, "archive")
    page.goto("/holds")
    placed = page.get_by_role("listitem").filter(has_text="C-2026-17").filter(has=page.get_by_role("button"))
    expect(placed.get_by_text("Asked for by the court")).to_be_visible(timeout=SOON)
    look(page, "holds")
    page.goto("/recordings")
    row = page.get_by_role("list", name="Recordings").get_by_role("listitem").filter(has_text=SAMPLE)
    expect(row.get_by_text("Held")).to_be_visible(timeout=SOON)
    look(page, "recordings-held")
    page.goto("/holds")
    placed.get_by_role("button", name="Release").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("The case is closed")
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=SOON)


def test_a_policys_effect_is_seen_before_it_is_saved(page: Page) -> None:
    page.goto("/retention")
    expect(page.get_by_role("listitem", name="Default")).to_be_visible(timeout=SOON)
    look(page, "retention")
    page.get_by_role("button", name="New policy").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Vendors")
    dialog.get_by_label("Group").fill("vendors")
    dialog.get_by_role("button", name="Show what it does").click()
    expect(dialog.get_by_text("No recording is affected")).to_be_visible(timeout=SOON)
    look(page, "retention-preview")


def test_storage_is_reconciled_and_planned(page: Page) -> None:
    page.goto("/storage")
    page.get_by_role("button", name="Reconcile now").click()
    expect(page.get_by_text("Nothing is open")).to_be_visible(timeout=SOON)
    look(page, "storage")
    page.goto("/capacity")
    expect(page.get_by_role("heading", name="Capacity")).to_be_visible(timeout=SOON)
    expect(page.get_by_label("Concurrent sessions").first).to_be_visible(timeout=SOON)
    look(page, "capacity")
    page.goto("/exports")
    expect(page.get_by_role("heading", name="Exports")).to_be_visible(timeout=SOON)
    look(page, "exports")
