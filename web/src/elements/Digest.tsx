/** A digest or an identifier, short enough to be read, whole when it is copied. */
import { ActionIcon, CopyButton, Group, Tooltip } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { TEXTS } from "./texts";

const SHOWN = 12; // characters: enough to compare two by eye

interface Props {
  value: string;
  /** What it is, for the button: "SHA-256". */
  name?: string;
}

export function Digest({ value, name = "SHA-256" }: Props) {
  return (
    <Group component="span" gap={2} wrap="nowrap" display="inline-flex">
      <span className="digest" title={value}>
        {value.length > SHOWN + 1 ? `${value.slice(0, SHOWN)}…` : value}
      </span>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? TEXTS.copied : value} style={{ overflowWrap: "anywhere" }}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              onClick={copy}
              aria-label={copied ? TEXTS.copiedName(name) : TEXTS.copyName(name)}
            >
              {copied ? <Check size={13} /> : <Copy size={13} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
