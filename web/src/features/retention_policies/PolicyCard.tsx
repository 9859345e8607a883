import { ActionIcon, Group, Menu, Paper, Stack, Text } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import type { RetentionPolicy } from "../../api/types";
import { ToneBadge } from "../../elements/ToneBadge";
import { conditionsOf } from "./words";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

interface Props {
  policy: RetentionPolicy;
  onEdit: () => void;
  onRemove: () => void;
}

export function PolicyCard({ policy, onEdit, onRemove }: Props) {
  const may = useMay();
  const conditions = conditionsOf(policy);
  return (
    <Paper role="listitem" aria-label={policy.name} p="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
        <Group gap="lg" align="flex-start" style={{ flex: 1, minWidth: 0 }}>
          <Stack gap={4} style={{ flex: "1 1 220px", minWidth: 0 }}>
            <Text fw={600}>{policy.name}</Text>
            <Group gap={6}>
              {conditions.map((condition) => (
                <ToneBadge key={condition} title={condition} tone="wait" />
              ))}
              {conditions.length === 0 && (
                <Text fz="sm" c="dimmed">
                  {TEXTS.isDefault}
                </Text>
              )}
              {policy.object_lock && (
                <ToneBadge title={TEXTS.objectLock} tone="ok" means={TEXTS.archivedObjectsCannotBe} />
              )}
            </Group>
          </Stack>
          <Group gap="xl" className="tabular" align="flex-start">
            <Span name={TEXTS.hotStorage}>{TEXTS.dayCount(policy.effective_hot_days)}</Span>
            <Span name={TEXTS.keptFor}>{TEXTS.dayCount(policy.retain_for_days)}</Span>
            <Span name={TEXTS.deletedAfter}>
              {policy.delete_after_days === null
                ? TEXTS.neverDeletedByPolicy
                : TEXTS.dayCount(policy.delete_after_days)}
            </Span>
          </Group>
        </Group>
        {may("retention.manage") && (
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={TEXTS.manage(policy.name)}>
                <Ellipsis size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={onEdit}>{TEXTS.edit}</Menu.Item>
              {conditions.length > 0 && (
                <Menu.Item color="red" onClick={onRemove}>
                  {TEXTS.remove}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </Paper>
  );
}

function Span({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text fz="xs" c="dimmed">
        {name}
      </Text>
      <Text fz="sm" fw={560}>
        {children}
      </Text>
    </div>
  );
}
