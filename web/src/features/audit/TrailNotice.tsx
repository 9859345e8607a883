/** How far the chain of hashes is known to be sound, and a button to have all of it followed now. */
import { Alert, Button, Group, Paper, Progress, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { client, unwrap } from "../../api/client";
import { isUnfinished } from "../../api/polling";
import { trailQuery } from "./queries";
import type { Trail } from "../../api/types";
import { ErrorNotice, errorText } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { Time } from "../../elements/Time";
import { BREAK_WORDS } from "./texts";
import { Sentence } from "../../elements/Sentence";
import { TEXTS } from "./texts";

export function TrailNotice() {
  const { data, isPending, error, refetch } = useQuery(trailQuery);
  if (isPending) return <RowsLoading count={1} height={64} />;
  if (error && !data) return <ErrorNotice error={error} onRetry={refetch} />;
  return data.broken === null ? <Sound trail={data} /> : <Broken trail={data} />;
}

function Sound({ trail }: { trail: Trail }) {
  const Icon = trail.checked_at === null ? ShieldQuestion : ShieldCheck;
  return (
    <Paper p="sm" px="md">
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap">
          <Icon size={22} color={`var(--mantine-color-${trail.checked_at === null ? "gray" : "gate"}-6)`} />
          <div>
            <Text fz="sm" fw={560}>
              {trail.checked_at === null
                ? TEXTS.notCheckedYet
                : TEXTS.soundUpToEvent(trail.sound_event_id.toLocaleString())}
            </Text>
            <Text fz="xs" c="dimmed" component="div">
              {trail.checked_at === null ? (
                TEXTS.serverChecksItEvery
              ) : (
                <Checked at={trail.checked_at} wholeAt={trail.whole_checked_at} />
              )}
            </Text>
          </div>
        </Group>
        <CheckNow trail={trail} />
      </Group>
    </Paper>
  );
}

function Broken({ trail }: { trail: Trail }) {
  const { broken } = trail;
  if (broken === null) return null;
  return (
    <Alert
      color="red"
      variant="light"
      icon={<ShieldAlert size={20} />}
      title={TEXTS.trailIsBroken}
      role="alert"
    >
      <Group justify="space-between" align="flex-end" gap="sm">
        <Text fz="sm" component="div">
          <Break broken={broken} />
        </Text>
        <CheckNow trail={trail} />
      </Group>
    </Alert>
  );
}

interface CheckedProps {
  at: string;
  wholeAt: string | null;
}

function Checked({ at, wholeAt }: CheckedProps) {
  const time = <Time at={at} relative />;
  if (wholeAt === null) return <Sentence text={TEXTS.checkedAndSigned} parts={{ time }} />;
  const whole = <Time at={wholeAt} relative />;
  return <Sentence text={TEXTS.checkedAndSignedWhole} parts={{ time, whole }} />;
}

function Break({ broken }: { broken: NonNullable<Trail["broken"]> }) {
  const parts = {
    id: broken.event_id.toLocaleString(),
    break: `${BREAK_WORDS[broken.kind]}: ${broken.detail}`,
    found: <Time at={broken.found_at} relative />,
  };
  if (broken.at === null) return <Sentence text={TEXTS.brokenEvent} parts={parts} />;
  return <Sentence text={TEXTS.brokenEventOf} parts={{ ...parts, at: <Time at={broken.at} /> }} />;
}

function CheckNow({ trail }: { trail: Trail }) {
  const queries = useQueryClient();
  const ask = useMutation({
    mutationFn: () => unwrap(client.POST("/api/audit/trail/check")),
    onSuccess: (found) => queries.setQueryData(trailQuery.queryKey, found),
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
  if (isUnfinished(trail.task)) {
    return (
      <div style={{ width: 180 }}>
        <Text fz="xs" c="dimmed" mb={4}>
          {TEXTS.followingWholeTrail}
        </Text>
        <Progress value={(trail.task?.progress ?? 0) * 100} aria-label={TEXTS.progressOfCheck} animated />
      </div>
    );
  }
  return (
    <Button size="xs" variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
      {TEXTS.checkAllOfIt}
    </Button>
  );
}
