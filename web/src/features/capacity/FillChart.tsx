/** How both tiers fill by a plan, from an empty start. */
import { Group, Text } from "@mantine/core";
import type { CapacityForecast, CapacityPlan } from "../../api/types";
import { bytesText } from "../../format/bytes";
import { curvesOf, dayText, type Point } from "./figures";
import { TEXTS } from "./texts";

const WIDTH = 720;
const HEIGHT = 180;

export function FillChart({ forecast, plan }: { forecast: CapacityForecast; plan: CapacityPlan }) {
  const { hot, archive, lastDay, mostBytes } = curvesOf(forecast, plan);
  const path = (points: readonly Point[]) =>
    points
      .map(({ day, bytes }) => `${(day / lastDay) * WIDTH},${HEIGHT - (bytes / mostBytes) * (HEIGHT - 8)}`)
      .join(" ");
  const room = HEIGHT - (forecast.room_bytes / mostBytes) * (HEIGHT - 8);
  return (
    <figure className="fill-chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={TEXTS.chart(
          bytesText(Math.round(forecast.hot.expected)),
          dayText(plan.hot_days),
          bytesText(Math.round(forecast.archive.expected)),
          dayText(plan.retention_days),
        )}
      >
        <polyline className="fill-archive" points={path(archive)} />
        <polyline className="fill-hot" points={path(hot)} />
        {room >= 0 && <line className="fill-room" x1={0} x2={WIDTH} y1={room} y2={room} />}
      </svg>
      <Group justify="space-between" fz="xs" c="dimmed" className="tabular" mt={4}>
        <Text inherit>{TEXTS.today}</Text>
        <Text inherit>{dayText(lastDay)}</Text>
      </Group>
      <Group gap="lg" fz="xs" mt={4}>
        <Legend className="fill-hot" text={TEXTS.hotStorage} />
        <Legend className="fill-archive" text={TEXTS.archive} />
        {room >= 0 && <Legend className="fill-room" text={TEXTS.roomOnHotStorage} />}
      </Group>
    </figure>
  );
}

function Legend({ className, text }: { className: string; text: string }) {
  return (
    <Group gap={6}>
      <svg width={18} height={6} aria-hidden="true">
        <line className={className} x1={0} x2={18} y1={3} y2={3} />
      </svg>
      <Text inherit>{text}</Text>
    </Group>
  );
}
