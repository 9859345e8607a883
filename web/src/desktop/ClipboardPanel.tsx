/** The clipboard by hand, for browsers that do not let a page read or write it. */
import { Button, CopyButton, Drawer, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { readLocal } from "./clipboard";

interface Props {
  opened: boolean;
  remoteText: string;
  onSend: (text: string) => void;
  onClose: () => void;
}

export function ClipboardPanel({ opened, remoteText, onSend, onClose }: Props) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={360} title="Clipboard">
      <Stack gap="xl">
        <ToTarget onSend={onSend} />
        <FromTarget text={remoteText} />
        <Text fz="xs" c="dimmed">
          Clipboard text that passes through the session is part of its recording. Nothing is kept in this
          browser.
        </Text>
      </Stack>
    </Drawer>
  );
}

function ToTarget({ onSend }: Pick<Props, "onSend">) {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState(false);
  const fill = async () => {
    const local = await readLocal();
    setRefused(local === null);
    if (local !== null) setText(local);
  };
  const send = () => {
    onSend(text);
    setText("");
  };
  return (
    <Stack gap="xs">
      <Textarea
        label="To the target"
        description="Paste or type here, send, then paste at the target."
        autosize
        minRows={4}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={refused && "The browser does not allow reading the clipboard. Paste here instead."}
      />
      <Group justify="space-between">
        <Button size="xs" variant="default" onClick={fill}>
          From this computer
        </Button>
        <Button size="xs" disabled={text === ""} onClick={send}>
          Send to target
        </Button>
      </Group>
    </Stack>
  );
}

function FromTarget({ text }: { text: string }) {
  return (
    <Stack gap="xs">
      <Textarea
        label="From the target"
        description="What was copied at the target last."
        autosize
        minRows={4}
        maxRows={10}
        readOnly
        value={text}
      />
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" disabled={text === ""} onClick={copy}>
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}
