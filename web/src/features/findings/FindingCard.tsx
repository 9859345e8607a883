/** A finding with its evidence. It can be focused: keys then act on it. */
import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { Play } from "lucide-react";
import { Link } from "react-router";
import type { Finding } from "../../api/types";
import { useMay } from "../../app/auth";
import { Evidence } from "../../elements/Evidence";
import { HitBadge, MatchBadge, SourceBadge } from "../../elements/HitBadges";
import { ToneBadge } from "../../elements/StateBadge";
import { Time } from "../../elements/Time";
import { offsetText } from "../../format/time";
import { momentAddress } from "../search/address";
import { Review } from "./Review";
import { VERDICT_WORDS } from "./words";

interface Props {
  finding: Finding;
  query: string;
}

export function FindingCard({ finding, query }: Props) {
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
          offsetMs={finding.offset_ms}
          size={finding}
          boxes={[finding.box]}
        />
      </Link>
      <Stack gap="xs" p="md" className="finding-words">
        <Group justify="space-between" gap="xs">
          <Text fz="sm" fw={640}>
            {finding.watch_term_name}
          </Text>
          <ToneBadge {...VERDICT_WORDS[finding.verdict]} />
        </Group>
        <Text fz="sm" ff="monospace" className="finding-text" lineClamp={3}>
          {finding.text === "" ? "Erased with its recording" : finding.text}
        </Text>
        <Text fz="xs" c="dimmed" component="div">
          {finding.operator_name} on {finding.target_name} · <Time at={finding.at} />
        </Text>
        <Group gap={4}>
          <SourceBadge source={finding.source} transfer={finding.transfer} />
          <MatchBadge match={finding.match} />
          <HitBadge color="gray">at {offsetText(finding.offset_ms)}</HitBadge>
          <Button
            component={Link}
            to={moment}
            size="compact-xs"
            variant="subtle"
            leftSection={<Play size={12} />}
            data-does="watch"
          >
            Watch
          </Button>
        </Group>
        <Reviewed finding={finding} />
        {may("finding.review") && <Review finding={finding} />}
      </Stack>
    </Paper>
  );
}

function Reviewed({ finding }: { finding: Finding }) {
  const may = useMay();
  if (finding.reviewed_at === null) return null;
  return (
    <Text fz="xs" c="dimmed" component="div">
      {VERDICT_WORDS[finding.verdict].title} by {finding.reviewed_by_name ?? "someone"},{" "}
      <Time at={finding.reviewed_at} relative />
      {!may("finding.review") && finding.comment !== "" && <>: {finding.comment}</>}
    </Text>
  );
}
