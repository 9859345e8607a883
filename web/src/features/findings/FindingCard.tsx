/** A finding with its evidence. It can be focused: keys then act on it. */
import { Anchor, Button, Checkbox, Group, Paper, Stack, Text } from "@mantine/core";
import { Play } from "lucide-react";
import { Link } from "react-router";
import type { Finding } from "../../api/types";
import { Evidence } from "../search/Evidence";
import { HitBadge, MatchBadge, SourceBadge } from "../search/HitBadges";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { offsetText } from "../../format/time";
import { pictureMs } from "../search/picture";
import type { FindingGroup } from "./groups";
import { Review } from "./Review";
import { VERDICT_WORDS } from "./texts";
import { momentAddress } from "../../format/addresses";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

interface Props {
  group: FindingGroup;
  query: string;
  isSelected: boolean;
  onSelect: (isSelected: boolean) => void;
}

export function FindingCard({ group, query, isSelected, onSelect }: Props) {
  const { finding, occurrences } = group;
  const may = useMay();
  const moment = momentAddress(finding.recording_id, finding.offset_ms, query);
  return (
    <Paper
      role="listitem"
      className="finding-card"
      tabIndex={0}
      data-finding={finding.id}
      aria-label={`${finding.watch_term_name}: ${finding.text}`}
    >
      <Link to={moment} className="finding-picture" tabIndex={-1} aria-hidden="true">
        <Evidence
          recordingId={finding.recording_id}
          offsetMs={pictureMs(finding)}
          size={finding}
          places={finding.place === null ? [] : [finding.place]}
        />
      </Link>
      <Stack gap="xs" p="md" className="finding-words">
        <Group justify="space-between" gap="xs">
          <Group gap="xs" wrap="nowrap">
            {may("finding.review") && (
              <Checkbox
                size="xs"
                aria-label={TEXTS.select(finding.watch_term_name, finding.text)}
                checked={isSelected}
                onChange={(event) => onSelect(event.currentTarget.checked)}
              />
            )}
            <Text fz="sm" fw={640}>
              {finding.watch_term_name}
            </Text>
          </Group>
          <ToneBadge {...VERDICT_WORDS[finding.verdict]} />
        </Group>
        <Text fz="sm" ff="monospace" className="finding-text" lineClamp={3}>
          {finding.text === "" ? TEXTS.erasedWithItsRecording : finding.text}
        </Text>
        <Text fz="xs" c="dimmed" component="div">
          {TEXTS.operatorOnTarget(finding.operator_name, finding.target_name)} <Time at={finding.at} />
        </Text>
        <Group gap={4}>
          <SourceBadge source={finding.source} transfer={finding.transfer} />
          <MatchBadge match={finding.match} />
          <HitBadge color="gray">{TEXTS.at(offsetText(finding.offset_ms))}</HitBadge>
          <Button
            component={Link}
            to={moment}
            size="compact-xs"
            variant="subtle"
            leftSection={<Play size={12} />}
            data-does="watch"
          >
            {TEXTS.watch}
          </Button>
        </Group>
        {occurrences.length > 1 && <Times occurrences={occurrences} query={query} />}
        <Reviewed finding={finding} />
        {may("finding.review") && <Review finding={finding} ids={occurrences.map(({ id }) => id)} />}
      </Stack>
    </Paper>
  );
}

/** The times at which the line stood on the screen, each a link to its moment. */
function Times({ occurrences, query }: { occurrences: readonly Finding[]; query: string }) {
  return (
    <Group gap={4} fz="xs" role="group" aria-label={TEXTS.timesOfLine}>
      <Text fz="xs" c="dimmed">
        {TEXTS.times(occurrences.length)}
      </Text>
      {occurrences.map(({ id, recording_id, offset_ms }) => (
        <Anchor
          key={id}
          component={Link}
          inherit
          to={momentAddress(recording_id, offset_ms, query)}
          className="tabular"
        >
          {offsetText(offset_ms)}
        </Anchor>
      ))}
    </Group>
  );
}

function Reviewed({ finding }: { finding: Finding }) {
  const may = useMay();
  if (finding.reviewed_at === null) return null;
  return (
    <Text fz="xs" c="dimmed" component="div">
      {TEXTS.by(VERDICT_WORDS[finding.verdict].title, finding.reviewed_by_name ?? TEXTS.someone)}{" "}
      <Time at={finding.reviewed_at} relative />
      {!may("finding.review") && finding.comment !== "" && <>: {finding.comment}</>}
    </Text>
  );
}
