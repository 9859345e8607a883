/** Brings an archived recording back to hot disk, for as many days as are asked for. */
import { Button, Group, Modal, NumberInput, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArchiveRestore } from "lucide-react";
import { type FormEvent, useState } from "react";
import { client, unwrap } from "../../api/client";
import { isBeingRestored } from "./queries";
import type { Recording } from "../../api/types";
import { useMay } from "../../api/me";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { TEXTS } from "./texts";

const DEFAULT_DAYS = 7;
const MOST_DAYS = 365; // as the API has it

export function RestoreButton({ recording }: { recording: Recording }) {
  const may = useMay();
  const [opened, { open, close }] = useDisclosure();
  if (!may("recording.restore") || recording.state !== "archived") return null;
  const isHot = recording.tier === "hot";
  return (
    <>
      <Button
        variant="default"
        leftSection={<ArchiveRestore size={16} />}
        disabled={isBeingRestored(recording)}
        onClick={open}
      >
        {isHot ? TEXTS.keepHotLonger : TEXTS.restore}
      </Button>
      {opened && <Question recordingId={recording.id} isHot={isHot} onClose={close} />}
    </>
  );
}

interface QuestionProps {
  recordingId: string;
  isHot: boolean;
  onClose: () => void;
}

function Question({ recordingId, isHot, onClose }: QuestionProps) {
  const [days, setDays] = useState<number | string>(DEFAULT_DAYS);
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: () =>
      unwrap(
        client.POST("/api/recordings/{recording_id}/restore", {
          params: { path: { recording_id: recordingId } },
          body: { days: Number(days) },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["recordings"] });
      notifications.show({ message: isHot ? TEXTS.itStaysOnHot : TEXTS.recordingIsBeingRestored });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    restore.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={isHot ? TEXTS.keepItOnHot : TEXTS.restoreFromArchive}>
      <form onSubmit={submit}>
        <Stack>
          <Text fz="sm">{isHot ? TEXTS.recordingStaysOnHot : TEXTS.searchTimelineAndVideo}</Text>
          <NumberInput
            label={TEXTS.daysOnHotDisk}
            value={days}
            onChange={setDays}
            min={1}
            max={MOST_DAYS}
            allowDecimal={false}
            required
            data-autofocus
          />
          {restore.error && <ErrorNotice error={restore.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {TEXTS.cancel}
            </Button>
            <Button type="submit" loading={restore.isPending} disabled={Number(days) < 1}>
              {isHot ? TEXTS.keep : TEXTS.restore}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
