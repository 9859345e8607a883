/** What could be read on the screen around the picture's time, a window of it at a time; a click goes there. */
import { ActionIcon, Group, ScrollArea, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, ListFilter } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { spansQuery } from "./queries";
import type { Span } from "../api/types";
import { ErrorNotice } from "../elements/ErrorNotice";
import { RowsLoading } from "../elements/Loading";
import { byPlace } from "../api/places";
import { offsetText } from "../format/time";
import { SpanLine } from "./SpanLine";
import { isShownAt, windowAround } from "./timeline";
import { TEXTS } from "./texts";

const WINDOW_MS = 60_000;

interface Props {
  recordingId: string;
  timeMs: number;
  durationMs: number;
  onSeek: (ms: number) => void;
}

export function Transcript({ recordingId, timeMs, durationMs, onSeek }: Props) {
  const { from, to } = windowAround(timeMs, WINDOW_MS);
  const { data, isPending, error, refetch } = useQuery(spansQuery(recordingId, from, to));
  const [words, setWords] = useState("");
  const wanted = words.toLowerCase();
  const shown = (data?.items ?? [])
    .filter((span) => span.text.toLowerCase().includes(wanted))
    .toSorted(byAppearance);
  return (
    <Stack gap="xs">
      <TextInput
        size="xs"
        aria-label={TEXTS.filterTranscript}
        placeholder={TEXTS.filterTheseLines}
        leftSection={<ListFilter size={14} />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <WindowControl from={from} to={Math.min(to, durationMs)} durationMs={durationMs} onSeek={onSeek} />
      {isPending && <RowsLoading count={8} height={26} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && shown.length === 0 && (
        <Text fz="sm" c="dimmed" ta="center" py="lg">
          {words === "" ? TEXTS.noTextWasRead : TEXTS.noLineMatchesHere}
        </Text>
      )}
      <SpanRows spans={shown} timeMs={timeMs} onSeek={onSeek} />
      {data?.next_cursor && (
        <Text fz="xs" c="dimmed" ta="center">
          {TEXTS.firstLines(data.items.length)}
        </Text>
      )}
    </Stack>
  );
}

/** By time, then as one reads a screen. */
function byAppearance(a: Span, b: Span): number {
  return a.start_ms - b.start_ms || byPlace(a.place, b.place);
}

interface WindowProps {
  from: number;
  to: number;
  durationMs: number;
  onSeek: (ms: number) => void;
}

function WindowControl({ from, to, durationMs, onSeek }: WindowProps) {
  return (
    <Group justify="space-between">
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={TEXTS.minuteBefore}
        disabled={from === 0}
        onClick={() => onSeek(from - WINDOW_MS)}
      >
        <ChevronLeft size={16} />
      </ActionIcon>
      <Text fz="xs" c="dimmed" className="tabular">
        {TEXTS.to(offsetText(from), offsetText(to))}
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={TEXTS.minuteAfter}
        disabled={to >= durationMs}
        onClick={() => onSeek(to)}
      >
        <ChevronRight size={16} />
      </ActionIcon>
    </Group>
  );
}

/** Scrolls the list alone; `scrollIntoView` would move the page too. */
function keepInView(list: HTMLElement | null, row: HTMLElement | null): void {
  if (list === null || row === null) return;
  const top = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
  const isInside = top >= 0 && top + row.offsetHeight <= list.clientHeight;
  if (!isInside) list.scrollTop += top - list.clientHeight / 2;
}

interface RowsProps {
  spans: readonly Span[];
  timeMs: number;
  onSeek: (ms: number) => void;
}

function SpanRows({ spans, timeMs, onSeek }: RowsProps) {
  const latest = spans.findLast((span) => span.start_ms <= timeMs)?.id;
  const row = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => keepInView(list.current, row.current), [latest]);
  return (
    <ScrollArea.Autosize viewportRef={list} mah={{ base: 320, lg: "62vh" }} type="auto">
      {spans.map((span) => (
        <button
          key={span.id}
          type="button"
          ref={span.id === latest ? row : undefined}
          className="span-row"
          data-active={isShownAt(timeMs, span.start_ms, span.end_ms)}
          onClick={() => onSeek(span.start_ms)}
        >
          <time>{offsetText(span.start_ms)}</time>
          <SpanLine of={span}>{span.text}</SpanLine>
        </button>
      ))}
    </ScrollArea.Autosize>
  );
}
