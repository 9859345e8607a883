/** What was asked for before, while what is asked for now is on its way: dimmed, so that nobody takes it for the answer. */
import { Box } from "@mantine/core";
import type { ReactNode } from "react";
import "./stale.css";

export function Stale({ isStale, children }: { isStale: boolean; children: ReactNode }) {
  return (
    <Box className={isStale ? "stale" : ""} aria-busy={isStale}>
      {children}
    </Box>
  );
}
