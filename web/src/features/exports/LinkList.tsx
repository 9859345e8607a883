/** The links of an export: for whom, used how often, valid until when. */
import { Button, Group, Text } from "@mantine/core";
import type { ExportLink } from "../../api/types";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { useRevokeLink } from "./mutations";
import { LINK_STATE_WORDS } from "./texts";
import { TEXTS } from "./texts";

export function LinkList({ exportId, links }: { exportId: string; links: readonly ExportLink[] }) {
  if (links.length === 0) return null;
  return (
    <ul className="export-links" aria-label={TEXTS.links}>
      {links.map((link) => (
        <LinkRow key={link.id} exportId={exportId} link={link} />
      ))}
    </ul>
  );
}

function LinkRow({ exportId, link }: { exportId: string; link: ExportLink }) {
  const revoke = useRevokeLink(exportId);
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fz="sm" fw={500} className="export-recipient">
            {link.recipient}
          </Text>
          {link.problem === null ? (
            <ToneBadge title={TEXTS.valid} tone="ok" />
          ) : (
            <ToneBadge title={LINK_STATE_WORDS[link.problem]} tone="quiet" />
          )}
          <Text fz="sm" c="dimmed" component="div">
            {TEXTS.usedOfTimes(link.use_count, link.use_limit)}
            {link.problem === null && (
              <>
                {TEXTS.until} <Time at={link.expires_at} />
              </>
            )}
          </Text>
        </Group>
        {link.problem === null && (
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            loading={revoke.isPending}
            onClick={() => revoke.mutate(link.id)}
            aria-label={TEXTS.revokeLinkFor(link.recipient)}
          >
            {TEXTS.revoke}
          </Button>
        )}
      </Group>
    </li>
  );
}
