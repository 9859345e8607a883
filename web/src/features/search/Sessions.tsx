/** The hits of a query by session: each with its best hit and a strip of all times. */
import { Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { sessionSearchQuery } from "./queries";
import { MoreButton } from "../../elements/MoreButton";
import { Failed, Found, Searching } from "./Outcome";
import { SessionCard } from "./SessionCard";
import { TEXTS } from "./texts";

export function Sessions({ query }: { query: string }) {
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(sessionSearchQuery(query));
  if (isPending) return <Searching />;
  if (error) return <Failed error={error} onRetry={refetch} />;
  const found = data.pages.flatMap((page) => page.items);
  const hitCount = found.reduce((sum, one) => sum + one.hit_count, 0);
  const counted = TEXTS.hitCount(hitCount, paging.hasNextPage);
  return (
    <>
      <Found page={data.pages[0]} count={found.length} hits={counted} />
      <Stack role="list" aria-label={TEXTS.sessionsWithHits} mt="md">
        {found.map((one) => (
          <SessionCard key={one.recording_id} found={one} query={query} />
        ))}
      </Stack>
      <MoreButton {...paging} />
    </>
  );
}
