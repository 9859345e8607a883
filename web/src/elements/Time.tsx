/** A moment in the viewer's zone, which each page names once. A relative one tells the moment on hover, touch and focus. */
import { Tooltip } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { useState } from "react";
import { absoluteTime, absoluteTimeWithZone, relativeTime } from "../format/time";

const REFRESH_MS = 30_000; // relative texts change by the minute

interface Props {
  at: string;
  relative?: boolean;
}

export function Time({ at, relative = false }: Props) {
  const [now, setNow] = useState(() => new Date());
  useInterval(() => setNow(new Date()), REFRESH_MS, { autoInvoke: relative });
  const moment = new Date(at);
  return (
    <Tooltip label={absoluteTimeWithZone(moment)}>
      <time dateTime={at} className="time" {...(relative ? { tabIndex: 0 } : {})}>
        {relative ? relativeTime(moment, now) : absoluteTime(moment)}
      </time>
    </Tooltip>
  );
}
