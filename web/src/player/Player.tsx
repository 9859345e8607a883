/** A recording as it can be watched: picture, timeline, controls, and what is in it beside it. */
import { Group, Paper, Tabs, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { searchQuery } from "../features/search/queries";
import { timelineQuery } from "./queries";
import type { Hit, Recording } from "../api/types";
import { ErrorNotice } from "../elements/ErrorNotice";
import { posterMs } from "../format/poster";
import { durationText } from "../format/time";
import { Controls } from "./Controls";
import type { PlaybackController } from "./controller";
import { HitList } from "./HitList";
import "./player.css";
import { Stage } from "./Stage";
import { TimelineBar } from "./TimelineBar";
import { Transcript } from "./Transcript";
import { neighbour, watchedDuration } from "./timeline";
import { useAddressTime } from "./useAddressTime";
import { usePlayback, usePlaybackController } from "./usePlayback";
import { useShortcuts } from "./useShortcuts";

const WIDE = 1.6; // until the video says better

interface Props {
  recording: Recording;
  startMs: number;
  query: string;
  /** Told where the player is. */
  onTime?: (timeMs: number) => void;
}

export function Player({ recording, startMs, query, onTime }: Props) {
  const controller = usePlaybackController();
  const playback = usePlayback(controller);
  const video = useRef<HTMLVideoElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { data: timeline } = useQuery(timelineQuery(recording.id));
  const hits = useHits(recording.id, query);
  const hitTimes = useMemo(() => hits.map((hit) => hit.offset_ms), [hits]);
  useEffect(() => {
    // A film that stands at its beginning is not sought: that would take the poster away, and many begin black.
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
  const aspect = aspectOf(playback.width || recording.width, playback.height || recording.height);
  return (
    <div className="player">
      <div ref={frame} className="player-frame">
        {playback.failed && <ErrorNotice error={new Error("the video cannot be played")} />}
        <Stage
          {...{ controller, playback, hits, video, aspect }}
          recordingId={recording.id}
          posterMs={startMs > 0 ? startMs : posterMs(recording)}
        />
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
          <Tabs.Tab value="transcript">Transcript</Tabs.Tab>
          {query !== "" && <Tabs.Tab value="hits">Hits ({hits.length})</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="transcript">
          <Transcript recordingId={recording.id} {...{ timeMs, durationMs, controller }} />
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
      {watched < durationMs && <Text inherit>{durationText(watched)} without idle stretches</Text>}
      {hasGaps && (
        <Text inherit c="red">
          Red: not recorded
        </Text>
      )}
    </Group>
  );
}

/** All hits of the query in this recording, ordered by time. */
function useHits(recordingId: string, query: string): readonly Hit[] {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    searchQuery(query, recordingId),
  );
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return useMemo(
    () => (data?.pages ?? []).flatMap((page) => page.items).toSorted((a, b) => a.offset_ms - b.offset_ms),
    [data],
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
    copied ? { message: "Link copied" } : { message: address.href, title: "Link", autoClose: false },
  );
}

function aspectOf(width: number | null, height: number | null): number {
  return width && height ? width / height : WIDE;
}
