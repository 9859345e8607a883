/** Where the bytes are, what waits for the archive, and what does not fit its rows. */
import { Button, Progress, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Gauge } from "lucide-react";
import { Link } from "react-router";
import { storageQuery } from "./queries";
import type { Storage } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { PageHeader } from "../../elements/PageHeader";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { Discrepancies } from "./Discrepancies";
import { ReconcilePanel } from "./ReconcilePanel";
import { Figure } from "../../elements/Figure";
import { TEXTS } from "./texts";

export function StoragePage() {
  const { data, isPending, error, refetch } = useQuery(storageQuery);
  return (
    <>
      <PageHeader title={TEXTS.storage} lead={TEXTS.lead}>
        <Button component={Link} to="/capacity" variant="default" leftSection={<Gauge size={16} />}>
          {TEXTS.capacity}
        </Button>
      </PageHeader>
      {isPending && <RowsLoading height={96} count={3} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && (
        <Stack gap="lg">
          <Tiers storage={data} />
          <ReconcilePanel storage={data} />
          <Discrepancies counts={data.discrepancies} />
        </Stack>
      )}
    </>
  );
}

function Tiers({ storage: { hot, archive, disk, backlog } }: { storage: Storage }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <Figure name={TEXTS.hotStorage} value={bytesText(hot.size_bytes)}>
        {recordings(hot.recording_count)}
      </Figure>
      <Figure name={TEXTS.archive} value={bytesText(archive.size_bytes)}>
        {recordings(archive.recording_count)}
      </Figure>
      <Figure name={TEXTS.waitsForArchive} value={backlog.recording_count.toLocaleString()}>
        <Waiting backlog={backlog} />
      </Figure>
      <Figure name={TEXTS.freeOnDisk} value={bytesText(disk.free_bytes)}>
        <Disk disk={disk} />
      </Figure>
    </SimpleGrid>
  );
}

function Waiting({ backlog }: { backlog: Storage["backlog"] }) {
  if (backlog.recording_count === 0) return TEXTS.nothingWaits;
  return (
    <>
      {bytesText(backlog.size_bytes)}
      {backlog.oldest_at !== null && (
        <>
          {TEXTS.since} <Time at={backlog.oldest_at} relative />
        </>
      )}
      {backlog.failed_count > 0 && (
        <Text span inherit c="red">
          {" "}
          {TEXTS.givenUp(backlog.failed_count)}
        </Text>
      )}
    </>
  );
}

function Disk({ disk }: { disk: Storage["disk"] }) {
  const used = (1 - disk.free_bytes / disk.total_bytes) * 100;
  const isTight = disk.free_bytes < disk.floor_bytes * 2;
  return (
    <>
      <Progress
        value={used}
        color={isTight ? "red" : "gate"}
        size="sm"
        my={4}
        aria-label={TEXTS.ofDiskAreUsed(Math.round(used))}
      />
      {TEXTS.ofBelowNoSession(bytesText(disk.total_bytes), bytesText(disk.floor_bytes))}
    </>
  );
}

function recordings(count: number): string {
  return TEXTS.recordingCount(count);
}
