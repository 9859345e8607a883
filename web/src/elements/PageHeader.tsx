import { Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

interface Props {
  title: string;
  lead?: string;
  children?: ReactNode;
}

/** The document's title while this page shows. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Reelgate`;
  }, [title]);
}

export function PageHeader({ title, lead, children }: Props) {
  useTitle(title);
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
      <Stack gap={2}>
        <Title order={1} fz={26} lts="-0.015em">
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" fz="sm">
            {lead}
          </Text>
        )}
      </Stack>
      {children && <Group gap="sm">{children}</Group>}
    </Group>
  );
}
