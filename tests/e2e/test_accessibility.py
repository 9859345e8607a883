"""Every page and dialog by axe-core, in light and dark, and as a phone lays it out: nothing serious or critical.

With REELGATE_SCREENSHOTS set to a folder, each is kept there as a picture.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.core.policy.access import Role
from tests.e2e.browser import signed_in
from tests.e2e.gate import Gate, wait_for

pytestmark = pytest.mark.timeout(900)

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SAMPLE = "console-rdp"
SOON = 30_000
GRAVE = {"serious", "critical"}

# Whether something moves that will come to rest: a dialog on its way in, a panel that unfolds.
_MOVING: Final = """() => () => document.getAnimations().some(
    one => one.playState === "running" && one.effect.getTiming().iterations !== Infinity)"""

Scheme = Literal["light", "dark"]
Size = tuple[int, int]
DESKTOP, PHONE = (1440, 900), (390, 844)
_COLOURS: Final = ("color-contrast", "link-in-text-block")
# In the dark the same elements have other colours, and nothing else is different. A phone shows the same colours elsewhere.
# What a view has opened is looked at alone but for the first look: the page around it is a view of its own.
_LOOKS: Final[dict[Size, dict[Scheme, dict[str, object]]]] = {
    DESKTOP: {"light": {}, "dark": {"runOnly": {"type": "rule", "values": list(_COLOURS)}}},
    PHONE: {"light": {"rules": {name: {"enabled": False} for name in _COLOURS}}},
}
_OPENED: Final = "[role=dialog], [role=tabpanel]"
Opened = Callable[[Page], None]


def press(*names: str) -> Opened:
    """Press these buttons (or menu items) one after the other."""

    def opened(page: Page) -> None:
        for name in names:
            item = page.get_by_role("menuitem", name=name, exact=True)
            button = page.get_by_role("button", name=name, exact=True)
            item.or_(button).first.click()

    return opened


def tab(name: str) -> Opened:
    """Open this tab and wait until it has loaded."""

    def opened(page: Page) -> None:
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible(timeout=SOON)

    return opened


# Name, address, and what is opened there.
VIEWS: Final[list[tuple[str, str, Opened | None]]] = [
    ("targets", "/targets", None),
    ("target-new", "/targets", press("New target")),
    ("target-edit", "/targets", press("Manage Build host", "Edit")),
    ("target-credential", "/targets", press("Manage Build host", "Credential")),
    ("target-remove", "/targets", press("Manage Build host", "Remove")),
    ("sessions", "/sessions", None),
    ("recordings", "/recordings", None),
    ("recording", "/recordings/{recording}", None),
    *(
        (f"recording-{name.lower()}", "/recordings/{recording}", tab(name))
        for name in ("Overview", "Stages", "Files", "Integrity", "Archive", "Custody")
    ),
    ("hold-new", "/recordings/{recording}", press("Place a hold")),
    ("purge-mark", "/recordings/{recording}", press("Mark for purge")),
    ("export-new", "/recordings/{recording}", press("New export")),
    ("search", "/search", None),
    ("search-hits", "/search?q=payments", None),
    ("search-sessions", "/search?q=payments&view=sessions", None),
    ("search-help", "/search", press("How to search")),
    ("findings", "/findings?verdict=all", None),
    ("watch-terms", "/watch_terms", None),
    ("watch-term-new", "/watch_terms", press("New watch term")),
    ("retention", "/retention", None),
    ("purges", "/retention?show=purges", None),
    ("policy-new", "/retention", press("New policy")),
    ("holds", "/holds", None),
    ("hold-release", "/holds", press("Release")),
    ("exports", "/exports", None),
    ("link-new", "/exports", press("New link")),
    ("users", "/users", None),
    ("user-new", "/users", press("New user")),
    ("user-edit", "/users", press("Manage operator", "Edit")),
    ("audit", "/audit", None),
    ("storage", "/storage", None),
    ("capacity", "/capacity", None),
    ("system", "/system", None),
    ("not-found", "/no-such-page", None),
    ("desktop", "/desktop/{target}", None),
    ("download", "/download#no-such-link", None),
]


@pytest.fixture(scope="module")
def gate(sample_site: Gate) -> Gate:
    """Something on every page: what the samples' site has, a hold and an export."""
    recording = sample_site.finished(SAMPLE)["id"]
    hold = {"recording_ids": [recording], "reason": "a court asked", "case_number": "C-17"}
    with sample_site.client(Role.COMPLIANCE) as officer:
        officer.post("/api/holds", json=hold).raise_for_status()
        export = officer.post(f"/api/recordings/{recording}/exports", json={"kind": "bundle", "keep_days": 7})
        export.raise_for_status()
    return sample_site


@pytest.fixture(scope="module")
def page(browser: Browser, gate: Gate) -> Iterator[Page]:
    page = signed_in(browser, gate, "admin", *DESKTOP)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    page.context.close()
    assert not failures


@pytest.mark.parametrize(("name", "address", "opened"), VIEWS, ids=[name for name, _, _ in VIEWS])
def test_nothing_keeps_people_out(page: Page, gate: Gate, name: str, address: str, opened: Opened | None) -> None:
    resize(page, DESKTOP)
    show(page, gate, address)
    if opened is not None:
        opened(page)
        settle(page)
    check(page, name, None if opened is None else _OPENED)


def test_nor_at_the_door(browser: Browser, gate: Gate) -> None:
    context = browser.new_context(base_url=gate.url)
    page = context.new_page()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=SOON)
    check(page, "sign-in")
    context.close()


def show(page: Page, gate: Gate, address: str) -> None:
    with gate.client(Role.ADMIN) as admin:
        target = admin.get("/api/targets").json()["items"][0]["id"]
    page.goto(address.format(recording=gate.finished(SAMPLE)["id"], target=target))
    settle(page)


def settle(page: Page) -> None:
    """Nothing is loading any more and no dialog is on its way in."""
    expect(page.get_by_role("heading", level=1).or_(page.get_by_role("dialog")).first).to_be_visible(timeout=SOON)
    expect(page.get_by_label("Loading", exact=True)).to_have_count(0, timeout=SOON)
    stand_still(page)


def stand_still(page: Page) -> None:
    """No colour or place is on its way to another."""
    moving = page.evaluate_handle(_MOVING)
    wait_for("the page to stand still", lambda: not page.evaluate("look => look()", moving), 10)


def check(page: Page, name: str, opened: str | None = None) -> None:
    """Nothing grave at either size, and nothing wider than the page; `opened` selects what the view has opened."""
    faults = [fault for size in _LOOKS for fault in check_at(page, name, size, opened)]
    assert not faults, "\n".join(faults)


def check_at(page: Page, name: str, size: Size, opened: str | None) -> list[str]:
    resize(page, size)
    width = size[0]
    faults = []
    for scheme, rules in _LOOKS[size].items():
        faults += [f"{width} {fault}" for fault in look(page, scheme, rules, opened if rules else None)]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        faults.append(f"{width}: scrolls sideways")
    if folder := os.environ.get("REELGATE_SCREENSHOTS"):
        for scheme in _LOOKS[DESKTOP]:
            switch_to(page, scheme)
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
    return faults


def resize(page: Page, size: Size) -> None:
    """As when a window is made narrower: the page lays itself out anew."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    stand_still(page)


def switch_to(page: Page, scheme: Scheme) -> None:
    """Light or dark, and nothing on its way any more."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    expect(page.locator(f"html[data-mantine-color-scheme={scheme}]")).to_be_attached()
    stand_still(page)


def look(page: Page, scheme: Scheme, rules: dict[str, object], within: str | None) -> list[str]:
    """What axe-core finds there, or on the whole page, that is grave, one line each."""
    switch_to(page, scheme)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text("utf-8"))
    options = {"resultTypes": ["violations"], **rules}
    found = page.evaluate("([within, options]) => axe.run(within ?? document, options)", [within, options])
    return [
        f"{scheme}: {rule['id']} ({rule['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
