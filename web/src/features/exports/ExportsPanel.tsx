/** Exports of one recording, on its page. */
import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { PackageOpen } from "lucide-react";
import { exportsQuery } from "./queries";
import type { Recording } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { ExportCard } from "./ExportCard";
import { ExportModal } from "./ExportModal";
import "./exports.css";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

interface Props {
  recording: Recording;
  /** Where the player is, in ms. */
  timeNow: () => number;
  /** What this recording was found by. */
  query: string;
}

export function ExportsPanel(props: Props) {
  const may = useMay();
  const { state } = props.recording;
  if (!may("recording.export") || state === "open" || state === "purged") return null;
  return <Panel {...props} />;
}

function Panel({ recording, timeNow, query }: Props) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <Paper p="md" component="section" aria-label={TEXTS.exports}>
      <Group justify="space-between" mb="sm" gap="sm">
        <Stack gap={0}>
          <Title order={2} fz="lg">
            {TEXTS.exports}
          </Title>
          <Text fz="sm" c="dimmed">
            {TEXTS.copiesForSomebodyElse}
          </Text>
        </Stack>
        <Button leftSection={<PackageOpen size={16} />} onClick={open}>
          {TEXTS.newExport}
        </Button>
      </Group>
      <List recordingId={recording.id} />
      {opened && <ExportModal recording={recording} timeNow={timeNow} query={query} onClose={close} />}
    </Paper>
  );
}

function List({ recordingId }: { recordingId: string }) {
  const { data, isPending, error, refetch, ...pages } = useInfiniteQuery(exportsQuery(recordingId));
  if (isPending) return <RowsLoading count={2} height={64} />;
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        {TEXTS.nothingOfThisRecording}
      </Text>
    );
  }
  return (
    <div className="export-list">
      {items.map((item) => (
        <ExportCard key={item.id} item={item} />
      ))}
      <MoreButton {...pages} />
    </div>
  );
}
