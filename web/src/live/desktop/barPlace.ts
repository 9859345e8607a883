/** Where the bar is along the upper edge: from 0, flush left, to 1, flush right. */
import { useLocalStorage } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";

const CENTRE = 0.5;
const KEY_STEP = 0.1;
const DRAG_FROM_PX = 5; // less is a click by an unsteady hand

/** Where a drag by `movedPx` leads in a window that leaves the bar `roomPx`. Pure. */
export function draggedTo(from: number, movedPx: number, roomPx: number): number {
  return roomPx <= 0 ? from : Math.min(1, Math.max(0, from + movedPx / roomPx));
}

/** The bar's place, kept in this browser; dragging by pointer and the left and right arrow keys move it. */
export function useBarPlace() {
  const [place, setPlace] = useLocalStorage({
    key: "reelgate-bar-place",
    defaultValue: CENTRE,
    getInitialValueInEffect: false,
  });
  const drag = useRef<{ x: number; from: number; room: number; moved: boolean } | null>(null);
  const move = (event: PointerEvent) => {
    if (drag.current === null) return;
    const moved = event.clientX - drag.current.x;
    drag.current.moved ||= Math.abs(moved) >= DRAG_FROM_PX;
    if (drag.current.moved) setPlace(draggedTo(drag.current.from, moved, drag.current.room));
  };
  return {
    place,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        const bar = event.currentTarget.closest("header") ?? event.currentTarget;
        drag.current = {
          x: event.clientX,
          from: place,
          room: window.innerWidth - bar.clientWidth,
          moved: false,
        };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: move,
      /** A drag ends with a click, which is none. */
      onClickCapture: (event: { stopPropagation: () => void }) => {
        if (drag.current?.moved) event.stopPropagation();
        drag.current = null;
      },
      onPointerCancel: () => {
        drag.current = null;
      },
      onKeyDown: (event: KeyboardEvent) => {
        const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
        if (step !== undefined) setPlace(draggedTo(place, step, 1));
      },
    },
  };
}
