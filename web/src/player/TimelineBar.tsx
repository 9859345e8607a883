/** The timeline: activity, idle stretches, gaps, hits and where the picture stands. A slider for the keyboard. */
import { Tooltip } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { Timeline } from "../api/types";
import { offsetText } from "../format/time";
import type { PlaybackController } from "./controller";
import { mergeMarks, positionOf, ticks, timeAt } from "./timeline";
import { TEXTS } from "./texts";

const HEIGHT = 44; // of the drawing's own units; its width is 1000
const MARK_SLOTS = 200;
const TICK_COUNT = 7;
const KEY_STEP_MS = 1_000;

interface Props {
  timeline: Timeline | undefined;
  durationMs: number;
  timeMs: number;
  hitTimes: readonly number[];
  controller: PlaybackController;
}

export function TimelineBar({ timeline, durationMs, timeMs, hitTimes, controller }: Props) {
  const { hoverMs, handlers } = usePointerSeek(durationMs, controller);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    controller.skip(event.key === "ArrowLeft" ? -KEY_STEP_MS : KEY_STEP_MS);
  };
  return (
    <div className="timeline">
      <Tooltip.Floating label={offsetText(hoverMs, true)} disabled={durationMs === 0}>
        <div
          className="timeline-track"
          role="slider"
          tabIndex={0}
          aria-label={TEXTS.position}
          aria-valuemin={0}
          aria-valuemax={Math.round(durationMs / 1000)}
          aria-valuenow={Math.round(timeMs / 1000)}
          aria-valuetext={TEXTS.of(offsetText(timeMs), offsetText(durationMs))}
          onKeyDown={onKeyDown}
          {...handlers}
        >
          <svg viewBox={`0 0 1000 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            {timeline && <Ground timeline={timeline} durationMs={durationMs} />}
            <HitMarks times={hitTimes} durationMs={durationMs} />
          </svg>
          <span className="timeline-head" style={{ left: `${positionOf(timeMs, durationMs) * 100}%` }} />
        </div>
      </Tooltip.Floating>
      <div className="timeline-ticks tabular" aria-hidden="true">
        {ticks(durationMs, TICK_COUNT).map((at) => (
          <span key={at} style={{ left: `${positionOf(at, durationMs) * 100}%` }}>
            {offsetText(at)}
          </span>
        ))}
      </div>
    </div>
  );
}

function usePointerSeek(durationMs: number, controller: PlaybackController) {
  const [hoverMs, setHoverMs] = useState(0);
  const dragging = useRef(false);
  const timeOf = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return timeAt((event.clientX - box.left) / box.width, durationMs);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      dragging.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      controller.seek(timeOf(event));
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      setHoverMs(timeOf(event));
      if (dragging.current) controller.seek(timeOf(event));
    },
    onPointerUp: () => {
      dragging.current = false;
    },
    onPointerCancel: () => {
      dragging.current = false;
    },
  };
  return { hoverMs, handlers };
}

function Ground({ timeline, durationMs }: { timeline: Timeline; durationMs: number }) {
  const x = (ms: number) => positionOf(ms, durationMs) * 1000;
  const barWidth = 1000 / Math.max(1, timeline.activity.length);
  return (
    <>
      {timeline.idle.map(({ start_ms, end_ms }) => (
        <rect
          key={`idle-${start_ms}`}
          className="timeline-idle"
          x={x(start_ms)}
          width={x(end_ms) - x(start_ms)}
          height={HEIGHT}
        />
      ))}
      {timeline.activity.map((share, index) => {
        const height = share > 0 ? 2 + share ** 0.5 * (HEIGHT - 14) : 0;
        return (
          <rect
            key={index}
            className="timeline-activity"
            x={index * barWidth}
            y={HEIGHT - height}
            width={barWidth * 0.8}
            height={height}
          />
        );
      })}
      {timeline.gaps.map((gap) => (
        <rect
          key={`gap-${gap.start_ms}`}
          className="timeline-gap"
          x={x(gap.start_ms)}
          width={Math.max(3, x(gap.end_ms ?? durationMs) - x(gap.start_ms))}
          height={HEIGHT}
        />
      ))}
    </>
  );
}

function HitMarks({ times, durationMs }: { times: readonly number[]; durationMs: number }) {
  return mergeMarks(times, durationMs, MARK_SLOTS).map(({ ms }) => (
    <rect
      key={ms}
      className="timeline-hit"
      x={positionOf(ms, durationMs) * 1000 - 1.5}
      width={3}
      height={HEIGHT}
    />
  ));
}
