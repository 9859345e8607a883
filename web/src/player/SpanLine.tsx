/** A line of the transcript or of the hits, with where it is from when that is not the screen. */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Span } from "../api/types";
import { sourceText, transferText } from "../api/transfer";

interface Props {
  of: Pick<Span, "source" | "transfer">;
  children: ReactNode;
}

export function SpanLine({ of: { source, transfer }, children }: Props) {
  return (
    <span>
      {source !== "screen" && (
        <Text span fz="xs" c="dimmed">
          {sourceText(source, transfer)}:{" "}
        </Text>
      )}
      {children}
      {transfer && (
        <Text span display="block" fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {transferText(transfer)}
        </Text>
      )}
    </span>
  );
}
