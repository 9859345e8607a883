/** The clipboard by hand, for browsers that do not let a page read or write it. Says what will not arrive. */
import { Button, CopyButton, Drawer, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ClipboardRules } from "../../api/types";
import { readLocal } from "./clipboard";
import { lossesOf } from "./delivery";

interface Props {
  opened: boolean;
  /** What was copied at the target last; null when nothing has come. */
  remoteText: string | null;
  rules: ClipboardRules | null;
  onSend: (text: string) => void;
  onClose: () => void;
}

export function ClipboardPanel({ opened, remoteText, rules, onSend, onClose }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      returnFocus={false}
      position="right"
      size={360}
      title="Clipboard"
    >
      <Stack gap="xl">
        <ToTarget rules={rules} onSend={onSend} />
        <FromTarget text={remoteText} mayCopy={rules?.may_copy ?? true} />
        <Text fz="xs" c="dimmed">
          Clipboard text that passes through the session is part of its recording. Nothing is kept in this
          browser.
        </Text>
      </Stack>
    </Drawer>
  );
}

type Reading = "idle" | "asking" | "refused";

function ToTarget({ rules, onSend }: Pick<Props, "rules" | "onSend">) {
  const [text, setText] = useState("");
  const [reading, setReading] = useState<Reading>("idle");
  const losses = rules === null ? [] : lossesOf(text, rules.encoding);
  const fill = async () => {
    setReading("asking");
    const local = await readLocal();
    setReading(local === null ? "refused" : "idle");
    if (local !== null) setText(local);
  };
  const send = () => {
    onSend(text);
    setText("");
  };
  if (rules?.may_paste === false) {
    return <Text fz="sm">This target takes no clipboard text from this computer.</Text>;
  }
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
        error={
          reading === "refused" && "The browser does not allow reading the clipboard. Paste here instead."
        }
      />
      <Stack gap={4} role="status">
        {reading === "asking" && (
          <Text fz="sm">The browser asks whether this page may read the clipboard. Answer it there.</Text>
        )}
        {losses.map((loss) => (
          <Text key={loss} fz="sm" c="var(--mantine-color-error)" style={{ overflowWrap: "anywhere" }}>
            {loss}
          </Text>
        ))}
      </Stack>
      <Group justify="space-between">
        <Button size="xs" variant="default" onClick={() => void fill()}>
          From this computer
        </Button>
        <Button size="xs" disabled={text === ""} onClick={send}>
          Send to target
        </Button>
      </Group>
    </Stack>
  );
}

function FromTarget({ text: copied, mayCopy }: { text: string | null; mayCopy: boolean }) {
  if (!mayCopy) return <Text fz="sm">This target gives no clipboard text to this computer.</Text>;
  const text = copied ?? "";
  return (
    <Stack gap="xs">
      <Textarea
        label="From the target"
        description={
          copied === null
            ? "Nothing has arrived. Copy something at the target; some VNC servers never send their clipboard."
            : "Last copied at the target."
        }
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
