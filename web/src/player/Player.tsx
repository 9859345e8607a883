/** A recording as it can be watched: picture, timeline, controls, and what is in it beside it. */
import { Group, Loader, Paper, Tabs, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { timelineQuery } from "./queries";
import type { Hit, Recording } from "../api/types";
import { ErrorNotice } from "../elements/ErrorNotice";
import { durationText } from "../format/time";
import { Controls } from "./Controls";
import type { PlaybackController } from "./controller";
import { HitList } from "./HitList";
import "./player.css";
import { TEXTS } from "./texts";
import type { PlayerKind } from "./kinds/kind";
import { TimelineBar } from "./TimelineBar";
import { Transcript } from "./Transcript";
import { neighbour, watchedDuration } from "./timeline";
import { useAddressTime } from "./useAddressTime";
import { usePlayback, usePlaybackController } from "./usePlayback";
import { useShortcuts } from "./useShortcuts";

interface Props {
  kind: PlayerKind;
  recording: Recording;
  startMs: number;
  query: string;
  /** What the query found in the recording, by time. */
  hits: readonly Hit[];
  /** Told where the player is. */
  onTime?: (timeMs: number) => void;
}

export function Player({ kind, recording, startMs, query, hits, onTime }: Props) {
  const controller = usePlaybackController();
  const playback = usePlayback(controller);
  const frame = useRef<HTMLDivElement>(null);
  const { data: timeline } = useQuery(timelineQuery(recording.id));
  const hitTimes = useMemo(() => hits.map((hit) => hit.offset_ms), [hits]);
  useEffect(() => {
    // What stands at its beginning is not sought: that would take the poster away, and many recordings begin blank.
    if (startMs > 0 || controller.snapshot().timeMs > 0) controller.seek(startMs);
  }, [controller, startMs]);
  useEffect(
    () => controller.setTimeline(timeline?.idle ?? [], timeline?.keyframes ?? []),
    [controller, timeline],
  );
  useEffect(() => onTime?.(playback.timeMs), [onTime, playback.timeMs]);
  useAddressTime(playback);
  const [keysShown, setKeysShown] = useState(false);
  const jumps = useJumps(controller, hitTimes, frame, query, setKeysShown);
  useShortcuts(controller, jumps);
  const durationMs = playback.durationMs || recording.duration_ms || 0;
  const { Surface } = kind;
  return (
    <div className="player">
      <div ref={frame} className="player-frame">
        {playback.failed && <ErrorNotice error={new Error(TEXTS.cannotBePlayed)} />}
        <div className="player-stage">
          <Surface {...{ recording, controller, hits, startMs }} timeMs={playback.timeMs} />
          {!playback.ready && !playback.failed && (
            <div className="player-wait">
              <Loader color="gray.3" />
            </div>
          )}
        </div>
        <TimelineBar {...{ timeline, durationMs, hitTimes, controller }} timeMs={playback.timeMs} />
        <Controls
          controller={controller}
          playback={{ ...playback, durationMs }}
          hitCount={hits.length}
          onHit={jumps.toHit}
          onFullscreen={jumps.toggleFullscreen}
          onCopyLink={jumps.copyLink}
          keysShown={keysShown}
          onKeysShown={setKeysShown}
        />
        <Legend
          durationMs={durationMs}
          idle={timeline?.idle ?? []}
          hasGaps={(timeline?.gaps ?? []).length > 0}
        />
      </div>
      <Beside {...{ recording, query, hits, durationMs, controller }} timeMs={playback.timeMs} />
    </div>
  );
}

interface BesideProps {
  recording: Recording;
  query: string;
  hits: readonly Hit[];
  timeMs: number;
  durationMs: number;
  controller: PlaybackController;
}

function Beside({ recording, query, hits, timeMs, durationMs, controller }: BesideProps) {
  return (
    <Paper p="sm">
      <Tabs defaultValue={query === "" ? "transcript" : "hits"} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="transcript">{TEXTS.transcript}</Tabs.Tab>
          {query !== "" && <Tabs.Tab value="hits">{TEXTS.hits(hits.length)}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="transcript">
          <Transcript
            recordingId={recording.id}
            {...{ timeMs, durationMs }}
            onSeek={(ms) => controller.seek(ms)}
          />
        </Tabs.Panel>
        <Tabs.Panel value="hits">
          <HitList {...{ hits, timeMs, controller }} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}

function Legend({
  durationMs,
  idle,
  hasGaps,
}: {
  durationMs: number;
  idle: { start_ms: number; end_ms: number }[];
  hasGaps: boolean;
}) {
  const watched = watchedDuration(durationMs, idle);
  return (
    <Group gap="md" mt={8} fz="xs" c="dimmed">
      {watched < durationMs && <Text inherit>{TEXTS.withoutIdleStretches(durationText(watched))}</Text>}
      {hasGaps && (
        <Text inherit c="red">
          {TEXTS.redNotRecorded}
        </Text>
      )}
    </Group>
  );
}

function useJumps(
  controller: PlaybackController,
  hitTimes: readonly number[],
  frame: React.RefObject<HTMLElement | null>,
  query: string,
  setKeysShown: (change: (shown: boolean) => boolean) => void,
) {
  return useMemo(
    () => ({
      toHit: (direction: 1 | -1) => {
        const at = neighbour(hitTimes, controller.snapshot().timeMs, direction, 50);
        if (at !== null) controller.seek(at);
      },
      toggleFullscreen: () => {
        if (document.fullscreenElement) void document.exitFullscreen();
        else void frame.current?.requestFullscreen();
      },
      copyLink: () => void copyLink(controller.snapshot().timeMs, query),
      toggleKeys: () => setKeysShown((shown) => !shown),
    }),
    [controller, hitTimes, frame, query, setKeysShown],
  );
}

async function copyLink(timeMs: number, query: string): Promise<void> {
  const address = new URL(window.location.pathname, window.location.origin);
  address.searchParams.set("t", String(Math.round(timeMs)));
  if (query !== "") address.searchParams.set("q", query);
  const copied = await navigator.clipboard?.writeText(address.href).then(
    () => true,
    () => false,
  );
  notifications.show(
    copied ? { message: TEXTS.linkCopied } : { message: address.href, title: TEXTS.link, autoClose: false },
  );
}
