"""The video plays in a real Chromium, and shows what was on the screen at the time that was asked for."""

import base64
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.workers.streams import Stream
from workers.desktop.render import render

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]
# `seeked` may come before the frame is handed to the page: what `drawImage` sees is what the callback for a frame promises.
_SEEK = """
async ([data, seconds]) => {
  const video = document.createElement('video');
  document.body.append(video);
  video.muted = true;
  const loaded = new Promise((done, failed) => {
    video.requestVideoFrameCallback(done);
    video.onerror = () => failed(new Error(video.error.message));
  });
  video.src = 'data:video/mp4;base64,' + data;
  await loaded;
  const colours = [];
  for (const second of seconds) {
    const sought = new Promise(done => { video.onseeked = done; });
    const shown = new Promise(done => { video.requestVideoFrameCallback(done); });
    video.currentTime = second;
    await Promise.all([sought, shown]);
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0);
    colours.push([...context.getImageData(160, 120, 1, 1).data].slice(0, 3));
  }
  return [video.duration, colours];
}
"""


def test_chromium_seeks_to_the_right_frame_in_the_right_colours(tmp_path: Path) -> None:
    stream = Stream(1280, 720)
    for colour in COLOURS:
        stream.fill(0, (0, 0, 1280, 720), (*colour, 255)).sync(1500)
    recording = stream.sync().data
    render(lambda: [recording], tmp_path / "video.mp4", tmp_path / "keyframes.zip")
    data = base64.b64encode((tmp_path / "video.mp4").read_bytes()).decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        )
        duration, shown = browser.new_page().evaluate(_SEEK, [data, [0.1, 1.4, 1.6, 2.9, 3.2, 4.4]])
        browser.close()
    assert duration == 4.5
    assert np.abs(np.array(shown) - np.repeat(COLOURS, 2, axis=0)).max() <= 6
