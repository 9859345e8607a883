/** Whether the recording is what was recorded: the newest verification, earlier ones, and a button for another. */
import { Alert, Button, Checkbox, Group, Loader, Progress, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { client, unwrap } from "../../api/client";
import { verificationsQuery } from "./queries";
import type { Fault, Recording, Verification } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { checkedText, placeText, reasonText } from "./faults";
import { OUTCOME_WORDS } from "./texts";
import { TEXTS } from "./texts";

export function IntegrityPanel({ recording }: { recording: Recording }) {
  const { data, isPending, error, refetch } = useQuery(verificationsQuery(recording.id));
  if (isPending) return <Loader size="sm" aria-label={TEXTS.loading} />;
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  const [newest, ...earlier] = data.items;
  return (
    <Stack gap="md">
      {newest ? <Found verification={newest} /> : <NeverVerified recording={recording} />}
      {data.unfinished ? (
        <UnderWay progress={data.unfinished.progress} error={data.unfinished.error} />
      ) : (
        <Ask recording={recording} />
      )}
      {earlier.length > 0 && <Earlier verifications={earlier} />}
    </Stack>
  );
}

function NeverVerified({ recording }: { recording: Recording }) {
  return (
    <Text fz="sm" c="dimmed">
      {recording.state === "open" ? TEXTS.sessionIsStillBeing : TEXTS.nobodyHasVerifiedThis}
    </Text>
  );
}

function Found({ verification }: { verification: Verification }) {
  const reason = reasonText(verification);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <ToneBadge {...OUTCOME_WORDS[verification.outcome]} />
        <Text fz="sm" component="div">
          <Time at={verification.at} /> {TEXTS.requestedInBrief(verification.requested_by)}
        </Text>
      </Group>
      {verification.outcome !== "unknown" && (
        <Text fz="sm" c="dimmed">
          {TEXTS.checked(checkedText(verification))}
        </Text>
      )}
      {reason !== "" && <Text fz="sm">{reason}</Text>}
      {verification.faults.length > 0 && <Faults faults={verification.faults} />}
    </Stack>
  );
}

function Faults({ faults }: { faults: Fault[] }) {
  return (
    <>
      <FaultTable faults={faults} />
      <Stack gap="sm" hiddenFrom="sm">
        {faults.map((fault) => (
          <div key={keyOf(fault)}>
            <Text fz="sm" fw={560} className="digest">
              {fault.file}
            </Text>
            <Text fz="sm" c="dimmed" className="tabular">
              {placeText(fault)}
            </Text>
            <Text fz="sm">{fault.text}</Text>
          </div>
        ))}
      </Stack>
    </>
  );
}

function FaultTable({ faults }: { faults: Fault[] }) {
  return (
    <Table fz="sm" aria-label={TEXTS.whatIsWrong} visibleFrom="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{TEXTS.file}</Table.Th>
          <Table.Th>{TEXTS.where}</Table.Th>
          <Table.Th>{TEXTS.whatIsWrong}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {faults.map((fault) => (
          <Table.Tr key={keyOf(fault)}>
            <Table.Td className="digest">{fault.file}</Table.Td>
            <Table.Td className="tabular">{placeText(fault)}</Table.Td>
            <Table.Td>{fault.text}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function keyOf(fault: Fault): string {
  return `${fault.file}-${fault.start}-${fault.text}`;
}

function UnderWay({ progress, error }: { progress: number; error: string | null }) {
  return (
    <Stack gap={6} maw={420} role="status">
      <Text fz="sm">
        {progress > 0 ? TEXTS.beingVerified(Math.round(progress * 100)) : TEXTS.waitsForVerification}
      </Text>
      <Progress value={Math.max(2, progress * 100)} animated aria-label={TEXTS.progressOfVerification} />
      {error !== null && (
        <Alert color="signal" variant="light">
          {TEXTS.itIsTriedAgain(error)}
        </Alert>
      )}
    </Stack>
  );
}

function Ask({ recording }: { recording: Recording }) {
  const [archive, setArchive] = useState(false);
  const queries = useQueryClient();
  const params = { path: { recording_id: recording.id } };
  const verify = useMutation({
    mutationFn: () =>
      unwrap(client.POST("/api/recordings/{recording_id}/verify", { params, body: { archive } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: verificationsQuery(recording.id).queryKey });
      notifications.show({ message: TEXTS.recordingIsBeingVerified });
    },
  });
  if (recording.state === "open" || recording.state === "purged") return null;
  return (
    <Stack gap="sm" align="flex-start">
      {recording.archive.length > 0 && (
        <Checkbox
          label={TEXTS.readBackArchivedCopies}
          checked={archive}
          onChange={(event) => setArchive(event.currentTarget.checked)}
        />
      )}
      <Button
        leftSection={<ShieldCheck size={16} />}
        loading={verify.isPending}
        onClick={() => verify.mutate()}
      >
        {TEXTS.verifyNow}
      </Button>
      {verify.error && <ErrorNotice error={verify.error} />}
    </Stack>
  );
}

function Earlier({ verifications }: { verifications: Verification[] }) {
  return (
    <Stack gap={6}>
      <Text fz="sm" fw={560}>
        {TEXTS.earlier}
      </Text>
      {verifications.map((verification) => (
        <Group key={verification.id} gap="sm">
          <ToneBadge {...OUTCOME_WORDS[verification.outcome]} />
          <Text fz="sm" c="dimmed" component="div">
            <Time at={verification.at} /> {TEXTS.requestedInBrief(verification.requested_by)}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
