/** A titled part of a page. */
import { Group, Paper, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function Panel(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <Paper p="md">
      <Group justify="space-between" mb="sm" gap="sm">
        <Title order={2} fz="md">
          {props.title}
        </Title>
        {props.aside}
      </Group>
      {props.children}
    </Paper>
  );
}
