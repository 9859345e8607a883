/** One export: how far it is, what is in it, how long it is kept, and its links. */
import { Alert, Anchor, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Download, Link2 } from "lucide-react";
import { Link } from "react-router";
import { exportAddress } from "./queries";
import type { Export } from "../../api/types";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { LinkList } from "./LinkList";
import { LinkModal } from "./LinkModal";
import { KIND_WORDS } from "./texts";
import { faultsOf, summaryOf } from "./words";
import { TEXTS } from "./texts";

interface Props {
  item: Export;
  withRecording?: boolean;
}

export function ExportCard({ item, withRecording = false }: Props) {
  const [opened, { open, close }] = useDisclosure();
  const isThere = item.state === "done" && item.removed_at === null;
  return (
    <article className="export-card">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={2} className="export-told">
          <Group gap="xs">
            <Text fw={600}>{KIND_WORDS[item.kind].title}</Text>
            <State item={item} />
          </Group>
          {withRecording && (
            <Anchor component={Link} to={`/recordings/${item.recording_id}`} fz="sm">
              {TEXTS.operatorOnTarget(item.operator_name, item.target_name)} <Time at={item.recorded_at} />
            </Anchor>
          )}
          <Text fz="sm" c="dimmed" component="div">
            {[summaryOf(item), TEXTS.askedForBy(item.created_by_name)]
              .filter((part) => part !== "")
              .join(" · ")}
            , <Time at={item.created_at} relative />
          </Text>
          {isThere && <Kept item={item} />}
        </Stack>
        {isThere && (
          <Group gap="xs">
            <Button
              component="a"
              href={exportAddress(item.id)}
              download
              variant="default"
              size="xs"
              leftSection={<Download size={14} />}
            >
              {TEXTS.download}
            </Button>
            <Button variant="default" size="xs" leftSection={<Link2 size={14} />} onClick={open}>
              {TEXTS.newLink}
            </Button>
          </Group>
        )}
      </Group>
      <Trouble item={item} />
      <LinkList exportId={item.id} links={item.links} />
      {opened && <LinkModal item={item} onClose={close} />}
    </article>
  );
}

function State({ item }: { item: Export }) {
  if (item.state === "failed") return <ToneBadge title={TEXTS.failed} tone="bad" />;
  if (item.removed_at !== null)
    return <ToneBadge title={TEXTS.removed} tone="quiet" means={TEXTS.fileIsGoneWhat} />;
  if (item.state === "done") return <ToneBadge title={TEXTS.ready} tone="ok" />;
  return (
    <Group gap="xs">
      <ToneBadge title={item.state === "running" ? TEXTS.beingMade : TEXTS.waiting} tone="wait" />
      {item.state === "running" && (
        <Progress
          w={110}
          value={Math.max(4, item.progress * 100)}
          aria-label={TEXTS.progressOf(Math.round(item.progress * 100))}
        />
      )}
    </Group>
  );
}

function Kept({ item }: { item: Export }) {
  return (
    <>
      <Text fz="sm" c="dimmed" component="div">
        {item.size_bytes !== null && `${bytesText(item.size_bytes)}, `}
        {TEXTS.keptUntil} <Time at={item.expires_at} />
      </Text>
      <Text fz="xs" c="dimmed" className="digest" title={TEXTS.sha256OfFile}>
        {item.sha256}
      </Text>
      {typeof item.facts.key_fingerprint === "string" && (
        <Text fz="xs" c="dimmed">
          {TEXTS.signedWithKey} <span className="digest">{item.facts.key_fingerprint}</span>
        </Text>
      )}
    </>
  );
}

function Trouble({ item }: { item: Export }) {
  const faults = faultsOf(item);
  if (item.error !== null) {
    return (
      <Alert color={item.state === "failed" ? "red" : "yellow"} variant="light" p="xs">
        {item.state === "failed" ? item.error : TEXTS.itWillBeTried(item.error)}
      </Alert>
    );
  }
  if (faults.length === 0) return null;
  return (
    <Alert color="red" variant="light" p="xs" title={TEXTS.recordingIsNotSound}>
      <ul className="export-faults">
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    </Alert>
  );
}
