/** The mark: a gate with a lens in it. */
import { Group, Text } from "@mantine/core";
import { TEXTS } from "./texts";

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#12695f" />
      <path
        d="M8 25V13a8 8 0 0 1 16 0v12"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <circle cx="16" cy="15" r="3.4" fill="#ff6b57" />
      <path d="M16 22v3" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}

export function Logo() {
  return (
    <Group gap={10} wrap="nowrap">
      <Mark />
      <Text fw={680} fz={18} lh={1} lts="-0.02em">
        {TEXTS.reelgate}
      </Text>
    </Group>
  );
}
