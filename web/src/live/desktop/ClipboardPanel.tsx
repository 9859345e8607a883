/** The clipboard by hand, for browsers that do not let a page read or write it. Says what will not arrive. */
import { Button, CopyButton, Drawer, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ClipboardRules } from "../../api/types";
import { readLocal } from "./clipboard";
import { lossesOf } from "./delivery";
import { TEXTS } from "./texts";

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
      title={TEXTS.clipboard}
    >
      <Stack gap="xl">
        <ToTarget rules={rules} onSend={onSend} />
        <FromTarget text={remoteText} mayCopy={rules?.may_copy ?? true} />
        <Text fz="xs" c="dimmed">
          {TEXTS.clipboardTextThatPasses}
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
    return <Text fz="sm">{TEXTS.thisTargetTakesNo}</Text>;
  }
  return (
    <Stack gap="xs">
      <Textarea
        label={TEXTS.toTarget}
        description={TEXTS.pasteOrTypeHere}
        autosize
        minRows={4}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={reading === "refused" && TEXTS.browserDoesNotAllow}
      />
      <Stack gap={4} role="status">
        {reading === "asking" && <Text fz="sm">{TEXTS.browserAsksWhetherThis}</Text>}
        {losses.map((loss) => (
          <Text key={loss} fz="sm" c="var(--mantine-color-error)" style={{ overflowWrap: "anywhere" }}>
            {loss}
          </Text>
        ))}
      </Stack>
      <Group justify="space-between">
        <Button size="xs" variant="default" onClick={() => void fill()}>
          {TEXTS.fromThisComputer}
        </Button>
        <Button size="xs" disabled={text === ""} onClick={send}>
          {TEXTS.sendToTarget}
        </Button>
      </Group>
    </Stack>
  );
}

function FromTarget({ text: copied, mayCopy }: { text: string | null; mayCopy: boolean }) {
  if (!mayCopy) return <Text fz="sm">{TEXTS.thisTargetGivesNo}</Text>;
  const text = copied ?? "";
  return (
    <Stack gap="xs">
      <Textarea
        label={TEXTS.fromTarget}
        description={copied === null ? TEXTS.nothingHasArrivedCopy : TEXTS.lastCopiedAtTarget}
        autosize
        minRows={4}
        maxRows={10}
        readOnly
        value={text}
      />
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" disabled={text === ""} onClick={copy}>
            {copied ? TEXTS.copied : TEXTS.copy}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}
