"""Search, watch terms and findings in a browser, over both samples as they were imported into the real product."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gateway.core.policy.access import Role
from tests.e2e.browser import signed_in
from tests.e2e.gate import Gate, wait_for

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def gate(sample_site: Gate) -> Gate:
    return sample_site


@pytest.fixture
def page(browser: Browser, gate: Gate) -> Iterator[Page]:
    page = signed_in(browser, gate, "auditor")
    yield page
    page.context.close()


def search(page: Page, query: str) -> None:
    page.goto("/search")
    box = page.get_by_label("Search recordings")
    box.fill(query)
    box.press("Enter")


def stands_at(page: Page) -> int:
    """The moment in the address of the player, in ms, once its picture is there."""
    video = page.get_by_label("Recording", exact=True)
    expect(video).to_be_visible(timeout=15_000)
    wait_for("a picture", lambda: bool(video.evaluate("video => video.readyState >= 2 && !video.seeking")), 30)
    position: float = video.evaluate("video => video.currentTime * 1000")
    offset_ms = int(parse_qs(urlsplit(page.url).query)["t"][0])
    assert abs(position - offset_ms) < 1000
    return offset_ms


def test_moments_lead_to_the_player_and_say_what_is_exact(page: Page) -> None:
    search(page, "payments-perimeter")
    exact = page.get_by_role("list", name="Exact hits").get_by_role("listitem")
    expect(exact.first).to_contain_text("payments-perimeter", timeout=15_000)
    expect(exact.first.get_by_text("Exact", exact=True)).to_be_visible()
    exact.first.get_by_role("link").click()
    assert stands_at(page) > 0


def test_a_confused_character_is_found_and_marked_as_tolerant(page: Page) -> None:
    search(page, "payrnents-perimeter")
    tolerant = page.get_by_role("list", name="Tolerant hits").get_by_role("listitem")
    expect(tolerant.first).to_contain_text("payments-perimeter", timeout=15_000)
    expect(page.get_by_role("list", name="Exact hits")).to_have_count(0)


def test_no_hits_say_in_how_much_was_looked(page: Page) -> None:
    search(page, "zyxwvutsrq")
    expect(
        page.get_by_text(re.compile(r"^0 hits in \d+ sessions, [\d.]+ % of visible screen-time read"))
    ).to_be_visible(timeout=15_000)


def test_sessions_have_a_strip_whose_ticks_lead_to_moments(page: Page) -> None:
    search(page, "account OR root")
    page.get_by_role("main").get_by_text("Sessions", exact=True).click()
    sessions = page.get_by_role("list", name="Sessions with hits").get_by_role("listitem")
    expect(sessions.first).to_be_visible(timeout=15_000)
    assert parse_qs(urlsplit(page.url).query)["view"] == ["sessions"]
    ticks = sessions.first.get_by_role("group", name="Times of the hits").get_by_role("link")
    offset_ms = int(parse_qs(urlsplit(ticks.first.get_attribute("href") or "").query)["t"][0])
    ticks.first.focus()
    ticks.first.press("Enter")
    assert stands_at(page) == offset_ms


def test_typed_text_is_marked_as_typed(page: Page) -> None:
    search(page, "keys:grep OR keys:cat OR keys:sudo")
    hits = page.get_by_role("list", name="Exact hits").get_by_role("listitem")
    expect(hits.first.get_by_text("Typed", exact=True)).to_be_visible(timeout=15_000)
    for index in range(hits.count()):
        expect(hits.nth(index).get_by_text("Typed", exact=True)).to_be_visible()


def test_what_can_be_typed_is_put_into_the_box(page: Page) -> None:
    page.goto("/search")
    page.get_by_role("button", name="How to search").click()
    page.get_by_role("button", name="operator:olga").click()
    expect(page.get_by_label("Search recordings")).to_have_value("operator:olga")


def test_any_text_gives_hits_or_a_message(page: Page) -> None:
    for text in ('"', "-", "NEAR/10s", "before:x", "<b>x</b>", "' OR 1=1 --", "before:2020-01-01 a", "%"):
        search(page, text)
        headings = re.compile("No hits|Exact hits|Tolerant hits|This cannot be searched")
        expect(page.get_by_role("heading", name=headings).first).to_be_visible(timeout=15_000)
        expect(page.get_by_role("alert")).to_have_count(0)


def test_a_watch_term_finds_in_the_backlog_and_findings_are_reviewed(page: Page, gate: Gate) -> None:
    make_term(page, "Perimeter", "payments-perimeter")
    term = page.get_by_role("listitem", name="Perimeter")
    term.get_by_role("button", name="Run over all recordings").click()
    expect(term).to_contain_text(re.compile(r"Ran over all \d+ recordings"), timeout=60_000)
    term.get_by_role("link", name=re.compile("open$")).click()

    finding = page.get_by_role("list", name="Findings").get_by_role("listitem").first
    expect(finding).to_contain_text("payments-perimeter", timeout=15_000)
    open_before = open_count(page)
    times = finding.get_by_role("group", name="Times of the line").get_by_role("link").count() or 1
    finding.get_by_label("Comment").fill("opened for a vendor")
    finding.get_by_role("button", name="Confirm").click()
    expect(finding).to_contain_text("Confirmed by An auditor")
    expect_open_count(page, open_before - times)  # a card is a line; each of its times is a finding
    assert ("confirmed", "opened for a vendor") in verdicts(gate)
    finding.get_by_role("link", name="Watch").click()
    stands_at(page)


def test_findings_are_reviewed_with_keys_alone(page: Page, gate: Gate) -> None:
    make_term(page, "Vendor", "halcyon")
    term = page.get_by_role("listitem", name="Vendor")
    term.get_by_role("button", name="Run over all recordings").click()
    expect(term).to_contain_text(re.compile(r"Ran over all \d+ recordings"), timeout=60_000)
    term.get_by_role("link", name=re.compile("open$")).click()
    finding = page.get_by_role("list", name="Findings").get_by_role("listitem").first
    expect(finding).to_be_visible(timeout=15_000)

    page.keyboard.press("j")
    expect(finding).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.type("cjd is not a verdict")
    page.keyboard.press("Escape")
    expect(finding).to_be_focused()
    page.keyboard.press("d")
    expect(finding).to_contain_text("Dismissed by An auditor")
    assert ("dismissed", "cjd is not a verdict") in verdicts(gate)
    page.keyboard.press("o")
    expect(finding.get_by_role("button", name="Confirm")).to_be_visible()
    expect(finding.get_by_text("Dismissed", exact=True)).to_have_count(0)
    page.keyboard.press("Enter")
    stands_at(page)


def make_term(page: Page, name: str, query: str) -> None:
    """By way of the search page, as an auditor who has just found something."""
    search(page, query)
    page.get_by_role("link", name="Watch for this").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Query")).to_have_value(query)
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create watch term").click()
    expect(dialog).to_have_count(0)


def badge(page: Page) -> Locator:
    return (
        page.get_by_role("navigation")
        .get_by_role("link", name=re.compile("^Findings"))
        .get_by_text(re.compile(r"^\d+ open$"))
    )


def open_count(page: Page) -> int:
    return int((badge(page).text_content() or "").split()[0])


def expect_open_count(page: Page, count: int) -> None:
    if count == 0:
        expect(badge(page)).to_have_count(0)
    else:
        expect(badge(page)).to_have_text(f"{count} open")


def verdicts(gate: Gate) -> set[tuple[str, str]]:
    """Verdict and comment of every finding, as the API has them."""
    with gate.client(Role.AUDITOR) as auditor:
        items = auditor.get("/api/findings?limit=200").json()["items"]
    return {(item["verdict"], item["comment"]) for item in items}


def test_only_an_auditor_reviews(browser: Browser, gate: Gate) -> None:
    with gate.client(Role.AUDITOR) as auditor:
        term = auditor.post("/api/watch_terms", json={"name": "Root", "query": "root"}).json()
        auditor.post(f"/api/watch_terms/{term['id']}/backlog").raise_for_status()
        findings = f"/api/findings?watch_term_id={term['id']}"
        wait_for("findings", lambda: bool(auditor.get(findings).json()["items"]), 60)
    page = signed_in(browser, gate, "compliance")
    page.goto(f"/findings?verdict=all&watch_term_id={term['id']}")
    finding = page.get_by_role("list", name="Findings").get_by_role("listitem").first
    expect(finding).to_be_visible(timeout=15_000)
    expect(finding.get_by_role("button", name="Confirm")).to_have_count(0)
    page.goto("/watch_terms")
    expect(page.get_by_role("listitem", name="Root")).to_be_visible()
    expect(page.get_by_role("button", name="New watch term")).to_have_count(0)
    page.context.close()


def test_a_recording_is_read_again_after_a_question(page: Page, gate: Gate) -> None:
    before = gate.finished("console-rdp")
    page.goto(f"/recordings/{before['id']}")
    page.get_by_role("button", name="Read again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Text engine").first).to_have_value("Automatic: the one that measured best")
    dialog.get_by_label("Text engine").first.click()
    page.get_by_role("option", name="Tesseract", exact=True).click()
    dialog.get_by_role("button", name="Read again").click()
    expect(page.get_by_text("The text is being read again")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name="Read again")).to_be_disabled()
    wait_for("the text to be read again", lambda: finished_at(gate.finished("console-rdp")) > finished_at(before), 180)


def finished_at(recording: dict[str, Any]) -> str:
    """When its text was last read."""
    (stage,) = [stage for stage in recording["stages"] if stage["name"] == "ocr"]
    at: str = stage["finished_at"]
    return at
