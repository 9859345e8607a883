/** A number with its name, and what it means. */
import { Paper, Text } from "@mantine/core";
import type { ReactNode } from "react";

export interface FigureProps {
  name: string;
  value: ReactNode;
  children?: ReactNode;
}

export function Figure({ name, value, children }: FigureProps) {
  return (
    <Paper p="md">
      <Text fz="xs" c="dimmed">
        {name}
      </Text>
      <Text fz={22} fw={640} className="tabular">
        {value}
      </Text>
      {children !== undefined && (
        <Text fz="xs" c="dimmed" component="div">
          {children}
        </Text>
      )}
    </Paper>
  );
}
