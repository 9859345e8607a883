/** Reads a recording's text again, after a question: it costs the workers about what the first reading did. */
import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ScanText } from "lucide-react";
import { useState } from "react";
import { client, unwrap } from "../../api/client";
import { isInPipeline } from "./queries";
import type { OcrEngine, Recording } from "../../api/types";
import { useMay } from "../../api/me";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { TEXTS } from "./texts";

const ENGINES: Record<OcrEngine, string> = {
  auto: TEXTS.automatic,
  paired: TEXTS.tesseractAndRapidocr,
  rapidocr: TEXTS.rapidocr,
  tesserocr: TEXTS.tesseract,
  pytesseract: TEXTS.tesseractProgram,
};
const CHOICES = Object.entries(ENGINES).map(([value, label]) => ({ value, label }));

export function RereadButton({ recording }: { recording: Recording }) {
  const may = useMay();
  const [opened, { open, close }] = useDisclosure();
  if (!may("stage.retry") || recording.state === "open" || recording.state === "purged") return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<ScanText size={16} />}
        disabled={isInPipeline(recording)}
        onClick={open}
      >
        {TEXTS.readAgain}
      </Button>
      {opened && <Question recordingId={recording.id} onClose={close} />}
    </>
  );
}

function Question({ recordingId, onClose }: { recordingId: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [engine, setEngine] = useState<OcrEngine>("auto");
  const params = { path: { recording_id: recordingId } };
  const reread = useMutation({
    mutationFn: () =>
      unwrap(client.POST("/api/recordings/{recording_id}/reread", { params, body: { engine } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["recordings"] });
      notifications.show({ message: TEXTS.textIsBeingRead });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={TEXTS.readTextAgain}>
      <Stack>
        <Text fz="sm">{TEXTS.wholeRecordingIsRead}</Text>
        <Select
          label={TEXTS.textEngine}
          data={CHOICES}
          allowDeselect={false}
          value={engine}
          onChange={(name) => name && setEngine(name as OcrEngine)}
        />
        {reread.error && <ErrorNotice error={reread.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {TEXTS.cancel}
          </Button>
          <Button loading={reread.isPending} onClick={() => reread.mutate()} data-autofocus>
            {TEXTS.readAgain}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
