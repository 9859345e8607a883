/** The archive: what it promises, how that stood when it was last looked at, and what waits for it. */
import { Alert, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { CircleCheck, CircleHelp, CircleMinus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ArchiveReport, PromiseCheck } from "../../api/types";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";

const PROMISE_WORDS: Record<PromiseCheck["promise"], string> = {
  reachable: "Answers, and takes the access key",
  clock: "Clocks agree",
  versioning: "Keeps versions",
  object_lock: "Can lock objects",
  not_public: "Closed to the public",
  round_trip: "Gives back what it is given",
};

const ICONS: Record<PromiseCheck["state"], ReactNode> = {
  kept: <CircleCheck size={18} color="var(--mantine-color-gate-6)" role="img" aria-label="kept" />,
  broken: <TriangleAlert size={18} color="var(--mantine-color-red-6)" role="img" aria-label="broken" />,
  not_demanded: (
    <CircleMinus size={18} color="var(--mantine-color-gray-6)" role="img" aria-label="not demanded" />
  ),
  not_offered: (
    <CircleHelp size={18} color="var(--mantine-color-yellow-6)" role="img" aria-label="cannot be told" />
  ),
};

export function ArchiveStatus({ archive }: { archive: ArchiveReport }) {
  return (
    <Stack gap="md">
      <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {archive.place}
        {archive.checked_at && (
          <>
            , looked at <Time at={archive.checked_at} relative />
          </>
        )}
      </Text>
      {archive.is_usable === false && (
        <Alert
          color="red"
          variant="light"
          icon={<TriangleAlert size={18} />}
          title="Nothing is archived to it"
        >
          <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
            {archive.reason}. Sessions go on being recorded; recordings wait on hot disk.
          </Text>
        </Alert>
      )}
      {archive.is_usable === null && <Text fz="sm">A worker looks at it when it starts; none has yet.</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
        {archive.promises.map((promise) => (
          <Promised key={promise.promise} promise={promise} />
        ))}
      </SimpleGrid>
      <Waiting archive={archive} />
    </Stack>
  );
}

function Promised({ promise }: { promise: PromiseCheck }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <span style={{ lineHeight: 0, flexShrink: 0 }}>{ICONS[promise.state]}</span>
      <div>
        <Text fz="sm" fw={560}>
          {PROMISE_WORDS[promise.promise]}
        </Text>
        <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {promise.detail}
        </Text>
      </div>
    </Group>
  );
}

function Waiting({ archive }: { archive: ArchiveReport }) {
  if (archive.waiting_count === 0) {
    return (
      <Text fz="sm" c="dimmed">
        No recording waits for the archive.
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      <Text fz="sm">
        <b className="tabular">{archive.waiting_count.toLocaleString()}</b>{" "}
        {archive.waiting_count === 1 ? "recording waits" : "recordings wait"} for it (
        {bytesText(archive.waiting_bytes)} without an archived copy)
        {archive.oldest_waiting_at && (
          <>
            , the oldest since <Time at={archive.oldest_waiting_at} />
          </>
        )}
        {archive.failed_count > 0 &&
          `; ${archive.failed_count} gave up and can be tried again at their stages`}
        .
      </Text>
      {archive.last_error && (
        <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          Last trouble: {archive.last_error}
        </Text>
      )}
    </Stack>
  );
}
