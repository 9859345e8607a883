import { ActionIcon, Anchor, Button, Group, Menu, Paper, Progress, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Ellipsis, History } from "lucide-react";
import { Link } from "react-router";
import { isInBacklog } from "./queries";
import type { WatchTerm } from "../../api/types";
import { errorText } from "../../elements/ErrorNotice";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { useChangeTerm, useRunBacklog } from "./mutations";
import { findingAddress } from "../../format/addresses";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

interface Props {
  term: WatchTerm;
  onEdit: () => void;
}

export function WatchTermCard({ term, onEdit }: Props) {
  const may = useMay();
  return (
    <Paper role="listitem" aria-label={term.name} p="md">
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} style={{ flex: "1 1 240px", minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600}>{term.name}</Text>
            {term.disabled_at !== null && <ToneBadge title={TEXTS.disabled} tone="quiet" />}
          </Group>
          <Text fz="sm" ff="monospace" className="watch-term-query">
            {term.query}
          </Text>
          <Text fz="xs" c="dimmed" component="div">
            {TEXTS.by(term.created_by_name)} <Time at={term.created_at} relative />
          </Text>
        </Stack>
        <Group gap="md">
          <Counts term={term} />
          {may("watch_term.manage") && <Manage term={term} onEdit={onEdit} />}
        </Group>
      </Group>
      <Backlog term={term} />
    </Paper>
  );
}

function Counts({ term }: { term: WatchTerm }) {
  const may = useMay();
  if (!may("finding.list")) return <Text fz="sm">{TEXTS.findingCount(term.finding_count)}</Text>;
  return (
    <Group gap="sm" fz="sm" className="tabular">
      {term.open_count > 0 && (
        <Anchor component={Link} inherit to={findingAddress({ verdict: "open", watch_term_id: term.id })}>
          {TEXTS.open(term.open_count.toLocaleString("en"))}
        </Anchor>
      )}
      <Anchor component={Link} inherit c="dimmed" to={findingAddress({ watch_term_id: term.id })}>
        {TEXTS.findingCount(term.finding_count)}
      </Anchor>
    </Group>
  );
}

function Manage({ term, onEdit }: Props) {
  const run = useRunBacklog(term.id);
  const change = useChangeTerm(term.id);
  const isDisabled = term.disabled_at !== null;
  const onError = (error: Error) => notifications.show({ color: "red", message: errorText(error) });
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="xs"
        variant="default"
        leftSection={<History size={14} />}
        disabled={isDisabled || isInBacklog(term)}
        loading={run.isPending}
        onClick={() => run.mutate(undefined, { onError })}
      >
        {TEXTS.runOverAllRecordings}
      </Button>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={TEXTS.manage(term.name)}>
            <Ellipsis size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>{TEXTS.edit}</Menu.Item>
          <Menu.Item
            {...(isDisabled ? {} : { color: "red" })}
            onClick={() => change.mutate({ disabled: !isDisabled }, { onError })}
          >
            {isDisabled ? TEXTS.enable : TEXTS.disable}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

function Backlog({ term }: { term: WatchTerm }) {
  const { backlog } = term;
  if (backlog === null) return null;
  const counted = TEXTS.doneOf(backlog.done_count, TEXTS.recordingCount(backlog.total_count));
  if (backlog.state === "failed")
    return (
      <Line colour={term.disabled_at === null ? "red" : "dimmed"}>
        {TEXTS.runEndedAfter(counted)} {backlog.error}.
      </Line>
    );
  if (backlog.state === "done")
    return <Line>{TEXTS.ranOverAll(TEXTS.recordingCount(backlog.total_count))}</Line>;
  return (
    <Group gap="sm" mt="sm" wrap="nowrap">
      <Progress
        value={(100 * backlog.done_count) / Math.max(1, backlog.total_count)}
        size="sm"
        style={{ flex: 1 }}
        animated
        aria-label={TEXTS.progressOf(term.name)}
      />
      <Text fz="xs" className="tabular">
        {backlog.state === "pending" ? TEXTS.waiting : counted}
      </Text>
    </Group>
  );
}

function Line({ colour = "dimmed", children }: { colour?: string; children: React.ReactNode }) {
  return (
    <Text fz="xs" c={colour} mt="xs">
      {children}
    </Text>
  );
}
