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

const ENGINES: Record<OcrEngine, string> = {
  auto: "Automatic: the one that measured best",
  paired: "Tesseract, and RapidOCR where it is unsure",
  rapidocr: "RapidOCR",
  tesserocr: "Tesseract",
  pytesseract: "Tesseract, as a program of its own",
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
        Read again
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
      notifications.show({ message: "The text is being read again" });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Read the text again?">
      <Stack>
        <Text fz="sm">
          The whole recording is read once more. Search keeps the text there is until the new one is complete;
          video and original are not touched.
        </Text>
        <Select
          label="Text engine"
          data={CHOICES}
          allowDeselect={false}
          value={engine}
          onChange={(name) => name && setEngine(name as OcrEngine)}
        />
        {reread.error && <ErrorNotice error={reread.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={reread.isPending} onClick={() => reread.mutate()} data-autofocus>
            Read again
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
