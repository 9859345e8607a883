/**
 * Where a link leads: for people without an account.
 *
 * The secret stands behind the # of the address, so that no server, proxy or referrer ever sees it; it is sent in the body of a
 * form, and the browser itself writes the answer to disk, however large. A form's `Origin` is only sent where the page's
 * referrer policy allows it (Fetch Standard, "append a request Origin header"), hence the <meta>.
 */
import { Alert, Button, Center, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { useLocation, useSearchParams } from "react-router";
import { linkQuery } from "./queries";
import type { LinkedExport } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { useTitle } from "../../elements/PageHeader";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { Mark } from "../../elements/Logo";
import "./exports.css";
import { KIND_WORDS, PROBLEM_WORDS } from "./texts";
import { ApiError } from "../../format/apiError";
import { TEXTS } from "./texts";

const TOO_MANY = 429;
const RECOUNT_MS = 1500; // until the download that was begun is counted

export function DownloadPage() {
  useTitle(TEXTS.download);
  const secret = useLocation().hash.slice(1);
  const [address] = useSearchParams();
  return (
    <Center mih="100dvh" p="md" component="main">
      <meta name="referrer" content="same-origin" />
      <Stack w="100%" maw={520} gap="lg">
        <Stack align="center" gap={8}>
          <Mark size={52} />
          <Title order={1} fz={26} lts="-0.02em">
            {TEXTS.reelgate}
          </Title>
          <Text c="dimmed" fz="sm" ta="center">
            {TEXTS.evidenceThatWasPrepared}
          </Text>
        </Stack>
        <Paper p="xl" shadow="sm">
          {secret === "" ? (
            <Problem name={address.get("problem") ?? "unknown"} />
          ) : (
            <Linked secret={secret} />
          )}
        </Paper>
      </Stack>
    </Center>
  );
}

function Linked({ secret }: { secret: string }) {
  const [usesBefore, setUsesBefore] = useState<number | null>(null);
  const { data, isPending, error, refetch } = useQuery({
    ...linkQuery(secret),
    // The browser downloads by itself and tells the page nothing, so the page asks until one use less is left.
    refetchInterval: ({ state }) =>
      usesBefore !== null && state.data?.uses_left === usesBefore ? RECOUNT_MS : false,
  });
  if (isPending) return <RowsLoading count={3} height={28} />;
  if (error instanceof ApiError && error.status === TOO_MANY) return <Problem name="busy" />;
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (data.problem !== null) return <Problem name={data.problem} />;
  return <Offer linked={data} secret={secret} onUsed={() => setUsesBefore(data.uses_left ?? null)} />;
}

function Problem({ name }: { name: string }) {
  const { title, text } = PROBLEM_WORDS[name as keyof typeof PROBLEM_WORDS] ?? PROBLEM_WORDS.unknown;
  return (
    <Alert color="signal" variant="light" title={title} role="alert">
      {text}
    </Alert>
  );
}

function Offer({ linked, secret, onUsed }: { linked: LinkedExport; secret: string; onUsed: () => void }) {
  const { kind = null, uses_left: left = null } = linked;
  return (
    <Stack>
      <Stack gap={2}>
        <Title order={2} fz="lg">
          {TEXTS.ofRecordedSession(kind === null ? TEXTS.file : KIND_WORDS[kind].title)}
        </Title>
        <Text fz="sm" c="dimmed">
          {TEXTS.for} {linked.recipient}
        </Text>
      </Stack>
      <dl className="fact-grid">
        <dt>{TEXTS.file}</dt>
        <dd className="digest">{linked.name}</dd>
        <dt>{TEXTS.size}</dt>
        <dd>{bytesText(linked.size_bytes ?? 0)}</dd>
        <dt>{TEXTS.sha256}</dt>
        <dd className="digest">{linked.sha256}</dd>
        <dt>{TEXTS.validUntil}</dt>
        <dd>{linked.expires_at && <Time at={linked.expires_at} />}</dd>
        <dt>{TEXTS.downloadsLeft}</dt>
        <dd>{left}</dd>
      </dl>
      <form method="post" action="/api/export_links/download" onSubmit={onUsed}>
        <input type="hidden" name="secret" value={secret} />
        <Button type="submit" fullWidth leftSection={<Download size={16} />}>
          {TEXTS.download}
        </Button>
      </form>
      <Text fz="xs" c="dimmed">
        {TEXTS.eachDownloadIsRecorded}
      </Text>
    </Stack>
  );
}
