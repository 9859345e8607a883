"""guacamole-common-js in a headless Chromium: what an operator's browser shows of a recording at a given time."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[4]
LIBRARY = ROOT / "web/node_modules/guacamole-common-js/dist/esm/guacamole-common.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--disable-dev-shm-usage"]

# The library's 1.5.0 loads nothing from a Blob (it never keeps the one it is given), so it gets a tunnel.
_OPEN = """
async text => {
  const tunnel = new Guacamole.Tunnel();
  tunnel.connect = () => {
    tunnel.setState(Guacamole.Tunnel.State.OPEN);
    const parser = new Guacamole.Parser();
    parser.oninstruction = (opcode, args) => tunnel.oninstruction(opcode, args);
    parser.receive(atob(text));
    tunnel.setState(Guacamole.Tunnel.State.CLOSED);
  };
  tunnel.disconnect = () => {};
  window.recording = new Guacamole.SessionRecording(tunnel);
  const loaded = new Promise((done, failed) => {
    recording.onload = done;
    recording.onerror = message => failed(new Error(message));
  });
  recording.connect();
  await loaded;
}
"""
_SHOW = """
async offset_ms => {
  await new Promise(done => recording.seek(offset_ms, done));
  const display = recording.getDisplay();
  await new Promise(done => display.flush(done));
  if (recording.getPosition() !== offset_ms) throw new Error('stands at ' + recording.getPosition());
  const canvas = document.createElement('canvas');
  canvas.width = display.getWidth();
  canvas.height = display.getHeight();
  const context = canvas.getContext('2d');
  context.fillStyle = 'black';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(display.flatten(), 0, 0);
  return canvas.toDataURL('image/png');
}
"""
_PUT_ON_PAGE = """
() => {
  const display = recording.getDisplay();
  document.body.replaceChildren(display.getElement());
  document.body.style = 'margin: 0; background: black; overflow: hidden';
  return [display.getWidth(), display.getHeight()];
}
"""


class Player:
    """One recording in the browser's player."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, recording: bytes) -> None:
        self._page.evaluate(_OPEN, base64.b64encode(recording).decode())

    def frame(self, offset_ms: int) -> NDArray[np.uint8]:
        """The screen at a sync, RGB on black, without the pointer."""
        url = self._page.evaluate(_SHOW, offset_ms)
        return _rgb(base64.b64decode(url.partition(",")[2]))

    def seen(self, offset_ms: int) -> NDArray[np.uint8]:
        """What a person sees at a sync, RGB: the page itself on black, with the pointer."""
        self.frame(offset_ms)
        width, height = self._page.evaluate(_PUT_ON_PAGE)
        return _rgb(self._page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}))


def _rgb(data: bytes) -> NDArray[np.uint8]:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))


@contextmanager
def players() -> Iterator[Page]:
    """A page with the library loaded. Raises FileNotFoundError when the web part's packages are not installed."""
    version = json.loads((LIBRARY.parents[2] / "package.json").read_text())["version"]
    assert version == "1.5.0", "the reference is guacamole-common-js 1.5.0"
    library = LIBRARY.read_text().replace("export default Guacamole;", "window.Guacamole = Guacamole;")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = browser.new_page()
        page.add_script_tag(content=library)
        yield page
        browser.close()
