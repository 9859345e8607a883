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

export function StoragePage() {
  const { data, isPending, error, refetch } = useQuery(storageQuery);
  return (
    <>
      <PageHeader title="Storage" lead="Where recordings are kept, and whether everything is there.">
        <Button component={Link} to="/capacity" variant="default" leftSection={<Gauge size={16} />}>
          Capacity
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
      <Figure name="Hot storage" value={bytesText(hot.size_bytes)}>
        {recordings(hot.recording_count)}
      </Figure>
      <Figure name="Archive" value={bytesText(archive.size_bytes)}>
        {recordings(archive.recording_count)}
      </Figure>
      <Figure name="Waits for the archive" value={backlog.recording_count.toLocaleString()}>
        <Waiting backlog={backlog} />
      </Figure>
      <Figure name="Free on the disk" value={bytesText(disk.free_bytes)}>
        <Disk disk={disk} />
      </Figure>
    </SimpleGrid>
  );
}

function Waiting({ backlog }: { backlog: Storage["backlog"] }) {
  if (backlog.recording_count === 0) return "nothing waits";
  return (
    <>
      {bytesText(backlog.size_bytes)}
      {backlog.oldest_at !== null && (
        <>
          , since <Time at={backlog.oldest_at} relative />
        </>
      )}
      {backlog.failed_count > 0 && (
        <Text span inherit c="red">
          {" "}
          · {backlog.failed_count} given up
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
        aria-label={`${Math.round(used)} % of the disk are used`}
      />
      of {bytesText(disk.total_bytes)}; below {bytesText(disk.floor_bytes)} no session is opened
    </>
  );
}

function recordings(count: number): string {
  return count === 1 ? "1 recording" : `${count.toLocaleString()} recordings`;
}
