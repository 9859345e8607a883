"""The film of the README, made from the real product: `make film`.

A desktop is opened in a browser, a command is typed, the session ends; an auditor searches for a word of it and lands on
the moment. Nothing is staged but the captions.
"""

import sys
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import chromium, signed_in
from tests.e2e.gate import Gate
from tests.e2e.test_main_path import disconnect, open_hit, open_target
from tests.parts.desktops import VncDesktop

_OUT: Final = Path(__file__).parents[2] / "docs" / "film.webp"
_SIZE: Final = (960, 600)
_CAPTION_HEIGHT: Final = 44
_FONT: Final = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
_TARGET: Final = "db-server-3"
_WORD: Final = "payroll"
_LINES: Final = ("whoami", f"grep -r {_WORD} /etc/hosts /etc/passwd")


@dataclass
class Film:
    """Pictures of pages, each with a caption and how long it is shown."""

    frames: list[Image.Image] = field(default_factory=list)
    durations_ms: list[int] = field(default_factory=list)
    caption: str = ""

    def shoot(self, page: Page, seconds: float = 0.12) -> None:
        """Add what the page shows now, for `seconds`."""
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB").resize(_SIZE, Image.Resampling.LANCZOS)
        frame = Image.new("RGB", (_SIZE[0], _SIZE[1] + _CAPTION_HEIGHT), (15, 30, 28))
        frame.paste(shot, (0, 0))
        font = ImageFont.truetype(_FONT, 19)
        ImageDraw.Draw(frame).text((18, _SIZE[1] + 11), self.caption, font=font, fill=(235, 245, 242))
        self.frames.append(frame)
        self.durations_ms.append(round(seconds * 1000))

    def save(self, path: Path) -> None:
        """Write an animated WebP that repeats."""
        first, *rest = self.frames
        first.save(path, save_all=True, append_images=rest, duration=self.durations_ms, loop=0, quality=60, method=6)


def make(path: Path) -> None:
    """Run the product in a folder of its own and film it."""
    film = Film()
    with tempfile.TemporaryDirectory(prefix="reelgate-film-") as name, chromium() as browser:
        folder = Path(name)
        folder.chmod(0o711)
        with Gate(folder / "gate") as gate:
            with VncDesktop(folder / "desktop") as desktop:
                gate.add_target(_TARGET, desktop.target)
                _work(film, browser, gate)
            gate.finished(_TARGET)
            _search(film, browser, gate)
    film.save(path)


def _work(film: Film, browser: Browser, gate: Gate) -> None:
    page = signed_in(browser, gate, "operator", 1200, 750)
    film.caption = "An operator opens a target in the browser."
    expect(page.get_by_text(_TARGET)).to_be_visible(timeout=15_000)
    page.wait_for_load_state("networkidle")
    film.shoot(page, 1.8)
    display = open_target(page, _TARGET)
    display.click(position={"x": 300, "y": 200})
    film.caption = "Every byte is recorded before it is shown."
    for line in _LINES:
        for start in range(0, len(line), 3):
            page.keyboard.type(line[start : start + 3], delay=40)
            film.shoot(page)
        page.keyboard.press("Enter")
        page.wait_for_timeout(700)
        film.shoot(page, 1.2)
    film.caption = "The session ends: sealed, rendered, read, archived."
    page.wait_for_timeout(1500)
    film.shoot(page, 1.2)
    disconnect(page)


def _search(film: Film, browser: Browser, gate: Gate) -> None:
    page = signed_in(browser, gate, "auditor", 1200, 750)
    page.goto("/search")
    film.caption = "An auditor types a word ..."
    box = page.get_by_label("Search recordings")
    for letter in _WORD:
        box.press_sequentially(letter)
        film.shoot(page, 0.15)
    box.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text=_WORD).first).to_be_visible(timeout=15_000)
    page.wait_for_load_state("networkidle")
    film.shoot(page, 2.5)
    open_hit(page, _WORD)
    film.caption = "... and lands on the moment it was on the screen."
    page.wait_for_load_state("networkidle")
    film.shoot(page, 3.5)
    page.context.close()


if __name__ == "__main__":
    make(_OUT)
    sys.stdout.write(f"{_OUT}: {_OUT.stat().st_size // 1024} KiB\n")
