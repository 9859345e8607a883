import { ActionIcon, Badge, Button, Group, Menu, Paper, Stack, Text, Tooltip } from "@mantine/core";
import { Ellipsis, KeyRound, Pencil, PlugZap, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Target } from "../../api/types";
import { ProtocolIcon } from "../../elements/ProtocolIcon";
import { RISK_CLASS_WORDS } from "../../api/texts";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

export type TargetTask = "edit" | "credential" | "trial" | "remove";

interface Props {
  target: Target;
  onTask: (task: TargetTask) => void;
}

export function TargetCard({ target, onTask }: Props) {
  const may = useMay();
  return (
    <Paper component="li" p="md">
      <Group wrap="nowrap" gap="md">
        <ProtocolIcon protocol={target.protocol} size={44} />
        <Stack gap={0} style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600} lineClamp={2} title={target.name}>
            {target.name}
          </Text>
          <Text fz="sm" c="dimmed" truncate>
            {target.protocol.toUpperCase()}
            {target.host !== null && ` · ${target.host}:${target.port}`}
          </Text>
        </Stack>
        {may("target.manage") && <TaskMenu target={target} onTask={onTask} />}
        {may("target.open") && (
          <Button
            component={Link}
            to={`/desktop/${encodeURIComponent(target.id)}`}
            aria-label={TEXTS.open(target.name)}
            variant="light"
          >
            {TEXTS.openNamed}
          </Button>
        )}
      </Group>
      {may("target.manage") && <Notes target={target} />}
    </Paper>
  );
}

function Notes({ target }: { target: Target }) {
  return (
    <Group gap={6} mt="sm">
      <Badge variant="default" radius="sm" tt="none" fw={450} leftSection={<KeyRound size={11} />}>
        {credentialNote(target)}
      </Badge>
      <Note means={TEXTS.whetherTypedKeysBecome}>
        {target.record_keys ? TEXTS.keysRecorded : TEXTS.keysNotRecorded}
      </Note>
      {!target.index_text && <Note means={TEXTS.whatIsReadIn}>{TEXTS.textNotSearchable}</Note>}
      {target.recording_policy === "degrade" && (
        <Note means={TEXTS.sessionGoesOnWhen}>{TEXTS.mayGoOnUnrecorded}</Note>
      )}
      {target.risk_class !== "standard" && (
        <Note means={TEXTS.riskClass}>{RISK_CLASS_WORDS[target.risk_class].title}</Note>
      )}
      {target.target_group !== "" && <Note means={TEXTS.group}>{target.target_group}</Note>}
    </Group>
  );
}

function Note({ means, children }: { means: string; children: ReactNode }) {
  return (
    <Tooltip label={means}>
      <Badge variant="default" radius="sm" tt="none" fw={450}>
        {children}
      </Badge>
    </Tooltip>
  );
}

function credentialNote({ credential }: Target): string {
  if (credential === null) return TEXTS.noCredential;
  return credential.username === "" ? TEXTS.credentialSet : credential.username;
}

function TaskMenu({ target, onTask }: Props) {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={TEXTS.manage(target.name)}>
          <Ellipsis size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil size={15} />} onClick={() => onTask("edit")}>
          {TEXTS.edit}
        </Menu.Item>
        <Menu.Item leftSection={<KeyRound size={15} />} onClick={() => onTask("credential")}>
          {TEXTS.credential}
        </Menu.Item>
        <Menu.Item leftSection={<PlugZap size={15} />} onClick={() => onTask("trial")}>
          {TEXTS.testConnection}
        </Menu.Item>
        <Menu.Item color="red" leftSection={<Trash2 size={15} />} onClick={() => onTask("remove")}>
          {TEXTS.removeNamed}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
