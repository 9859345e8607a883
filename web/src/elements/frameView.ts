/** Which part of a frame a small picture shows. Pure; pixels of the frame. */

/** A rectangle in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** So many pixels of a desktop can be read at a card's width; text would be dust on the whole frame. */
const READABLE_WIDTH = 720;
const ASPECT = 16 / 9;
const ROOM = 1.15; // around a box wider than what is readable

/** The part around the box, in 16:9 and inside the frame; the whole frame when it is small. */
export function viewAround(box: Box, frame: { width: number; height: number }): Box {
  const width = Math.min(frame.width, frame.height * ASPECT, Math.max(READABLE_WIDTH, box.width * ROOM));
  const height = width / ASPECT;
  return {
    x: inside(box.x + box.width / 2 - width / 2, frame.width - width),
    y: inside(box.y + box.height / 2 - height / 2, frame.height - height),
    width,
    height,
  };
}

function inside(start: number, most: number): number {
  return Math.min(Math.max(0, start), Math.max(0, most));
}
