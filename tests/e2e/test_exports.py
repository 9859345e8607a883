"""Exports in a browser: ordered on the recording's page, handed out by a link, fetched without an account, checked alone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.core.policy.access import Role
from tests.e2e.browser import signed_in
from tests.e2e.gate import Gate, wait_for
from workers.export import verifier

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def gate(sample_site: Gate) -> Gate:
    return sample_site


@pytest.fixture
def page(browser: Browser, gate: Gate) -> Iterator[Page]:
    page = signed_in(browser, gate, "compliance")
    page.goto(f"/recordings/{gate.finished('terminal-vnc')['id']}?q=Lindqvist&t=9000")
    yield page
    page.context.close()


def ready(page: Page, count: int) -> None:
    """Wait until so many exports are finished."""
    expect(page.locator("article").get_by_text("Ready", exact=True)).to_have_count(count, timeout=60_000)


def test_a_bundle_reaches_somebody_without_an_account(page: Page, browser: Browser, gate: Gate, tmp_path: Path) -> None:
    page.get_by_role("button", name="New export").click()
    page.get_by_role("dialog").get_by_role("button", name="Export").click()
    ready(page, 1)
    page.get_by_role("button", name="New link").click()
    page.get_by_role("textbox", name="Recipient").fill("Regional court")
    page.get_by_label("Downloads").fill("1")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_role("dialog").get_by_label("Link for Regional court").input_value()
    page.get_by_role("button", name="Done").click()
    key_id = page.locator("article .digest").last.inner_text()

    stranger = browser.new_context(accept_downloads=True).new_page()
    asked: list[str] = []
    stranger.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    stranger.goto(link)
    expect(stranger.get_by_text("For Regional court")).to_be_visible(timeout=15_000)
    with stranger.expect_download() as begun:
        stranger.get_by_role("button", name="Download").click()
    got = tmp_path / "bundle.zip"
    begun.value.save_as(got)
    expect(stranger.get_by_role("alert")).to_contain_text("used up", timeout=15_000)
    stranger.context.close()

    answer = subprocess.run(
        [sys.executable, "-I", "-S", str(verifier.__file__), str(got), "--key", key_id],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout
    secret = link.split("#")[1]
    assert not [line for line in asked if secret in line.replace(link, "")], "it is in no address that was sent"
    assert secret not in gate.log.read_text()
    expect(page.get_by_text("used 1 of 1 times")).to_be_visible(timeout=20_000)
    with gate.client(Role.COMPLIANCE) as client:
        tags = [event["tag"] for event in client.get("/api/audit").json()["items"]]
    assert "api:export_link:used" in tags


def test_a_redacted_copy_is_asked_for_by_terms_and_by_drawing(page: Page, gate: Gate) -> None:
    page.get_by_role("button", name="New export").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Redacted copy", exact=True).click()
    dialog.get_by_role("button", name="Export").click()
    expect(dialog.get_by_text("Give a term, a pattern or a region")).to_be_visible()
    terms = dialog.get_by_role("combobox", name="Terms")
    terms.fill("Marta Lindqvist")
    terms.press("Enter")
    surface = dialog.locator(".region-surface")
    surface.scroll_into_view_if_needed()
    place = surface.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 20, place["y"] + 20)
    page.mouse.down()
    page.mouse.move(place["x"] + 120, place["y"] + 60, steps=3)
    page.mouse.up()
    expect(dialog.get_by_label("Region 1: Width")).to_have_count(1)
    before = page.locator("article").count()
    dialog.get_by_role("button", name="Export").click()
    expect(dialog).to_have_count(0)
    ready(page, before + 1)
    told = page.locator("article").first
    expect(told).to_contain_text("covered: 1 term, 1 region")
    assert "Lindqvist" not in told.inner_text()

    def covered() -> int:
        with gate.client(Role.COMPLIANCE) as client:
            return int(client.get("/api/exports").json()["items"][0]["facts"]["covered_count"])

    assert wait_for("boxes", covered, 5) >= 2
