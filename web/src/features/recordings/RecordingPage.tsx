import { Alert, Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, Download } from "lucide-react";
import { lazy, Suspense, useCallback, useRef } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { originalAddress } from "../../api/addresses";
import { recordingQuery } from "./queries";
import type { Recording } from "../../api/types";
import { wayBack } from "./cameFrom";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { PageLoader } from "../../elements/Loading";
import { useTitle } from "../../elements/PageHeader";
import { Time } from "../../elements/Time";
import { NotFoundPage } from "../../elements/NotFoundPage";
import { RetentionPanel } from "../retention_policies/RetentionPanel";
import { ExportsPanel } from "../exports/ExportsPanel";
import { playerKindOf } from "../../player/kinds/kinds";
import { useHits } from "../search/useHits";
import { UnplayableRecording } from "./UnplayableRecording";
import { RecordingDetails } from "./RecordingDetails";
import "./recordings.css";
import { RereadButton } from "./RereadButton";
import { RestoreButton } from "./RestoreButton";
import { RestoreNotice } from "./RestoreNotice";
import { StageList } from "./StageList";
import { noVideoNotice, queueText } from "./stages";
import { RecordingStateBadge } from "./RecordingStateBadge";
import { ApiError } from "../../format/apiError";
import { momentOf } from "../../format/addresses";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

const NOTICE_COLOURS = { live: "signal", wait: "blue", bad: "red", quiet: "gray" };

const Player = lazy(async () => ({ default: (await import("../../player/Player")).Player }));

export function RecordingPage() {
  const { recordingId = "" } = useParams();
  const { data, isPending, error, refetch } = useQuery(recordingQuery(recordingId));
  useTitle(data ? TEXTS.operatorOnTarget(data.operator_name, data.target_name) : TEXTS.recording);
  if (isPending) return <PageLoader />;
  if (error instanceof ApiError && error.status === 404) return <NotFoundPage />;
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  return (
    <Stack gap="lg">
      <Heading recording={data} />
      <RestoreNotice recording={data} />
      <WatchAndExport recording={data} />
      <RetentionPanel recording={data} />
      <RecordingDetails recording={data} />
    </Stack>
  );
}

/** The exports' bounds can be taken from where the player is. */
function WatchAndExport({ recording }: { recording: Recording }) {
  const [address] = useSearchParams();
  const time = useRef(0);
  const onTime = useCallback((timeMs: number) => {
    time.current = timeMs;
  }, []);
  return (
    <>
      <Watch recording={recording} onTime={onTime} />
      <ExportsPanel recording={recording} timeNow={() => time.current} query={address.get("q") ?? ""} />
    </>
  );
}

function Heading({ recording }: { recording: Recording }) {
  const may = useMay();
  const [address] = useSearchParams();
  const back = wayBack(address.get("q") ?? "");
  return (
    <Group justify="space-between" align="flex-end">
      <Stack gap={4}>
        <Anchor component={Link} to={back.to} fz="sm" c="dimmed">
          <Group gap={2}>
            <ChevronLeft size={14} aria-hidden="true" /> {back.title}
          </Group>
        </Anchor>
        <Group gap="sm">
          <Title order={1} fz={24} lts="-0.015em">
            {recording.target_name}
          </Title>
          <RecordingStateBadge recording={recording} />
        </Group>
        <Text fz="sm" c="dimmed" component="div">
          {recording.operator_name} · <Time at={recording.started_at} />
        </Text>
      </Stack>
      <Group gap="sm">
        <RereadButton recording={recording} />
        <RestoreButton recording={recording} />
        {may("recording.download") && recording.state !== "open" && recording.state !== "purged" && (
          <Button
            component="a"
            href={originalAddress(recording.id)}
            download
            variant="default"
            leftSection={<Download size={16} />}
          >
            {TEXTS.downloadOriginal}
          </Button>
        )}
      </Group>
    </Group>
  );
}

function Watch({ recording, onTime }: { recording: Recording; onTime: (timeMs: number) => void }) {
  const [address] = useSearchParams();
  const query = address.get("q") ?? "";
  const hits = useHits(recording.id, query);
  const kind = playerKindOf(recording);
  if (kind === null) return <UnplayableRecording recording={recording} />;
  if (!kind.canPlay(recording)) return <NotYetPlayable recording={recording} />;
  return (
    <Suspense fallback={<PageLoader />}>
      <Player {...{ kind, recording, query, hits, onTime }} startMs={momentOf(address.get("t"))} />
    </Suspense>
  );
}

function NotYetPlayable({ recording }: { recording: Recording }) {
  const notice = noVideoNotice(recording);
  return (
    <Stack>
      <Alert color={NOTICE_COLOURS[notice.tone]} variant="light" title={notice.title}>
        {notice.text} {recording.queue !== null && queueText(recording.queue)}
      </Alert>
      {recording.stages.length > 0 && <StageList recording={recording} />}
    </Stack>
  );
}
