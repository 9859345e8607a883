/** The hits of a query, each with its picture: exact ones first, tolerant ones under a heading of their own. */
import { SimpleGrid, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { searchQuery } from "./queries";
import type { Hit } from "../../api/types";
import { MoreButton } from "../../elements/MoreButton";
import { HitCard } from "./HitCard";
import { Failed, Found, Searching } from "./Outcome";
import { TEXTS } from "./texts";

export function Moments({ query }: { query: string }) {
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(searchQuery(query));
  if (isPending) return <Searching />;
  if (error) return <Failed error={error} onRetry={refetch} />;
  const hits = data.pages.flatMap((page) => page.items);
  const exact = hits.filter((hit) => hit.match === "exact");
  const tolerant = hits.filter((hit) => hit.match === "tolerant");
  return (
    <>
      <Found
        page={data.pages[0]}
        count={hits.length}
        hits={TEXTS.hitCount(hits.length, paging.hasNextPage)}
      />
      {exact.length > 0 && (
        <Kind title={TEXTS.exactHits} hits={exact} query={query}>
          {TEXTS.exactKind}
        </Kind>
      )}
      {tolerant.length > 0 && (
        <Kind title={TEXTS.tolerantHits} hits={tolerant} query={query}>
          {TEXTS.tolerantKind}
        </Kind>
      )}
      <MoreButton {...paging} />
    </>
  );
}

interface KindProps {
  title: string;
  hits: readonly Hit[];
  query: string;
  children: ReactNode;
}

function Kind({ title, hits, query, children }: KindProps) {
  return (
    <section>
      <Title order={2} fz="md" mt="lg">
        {title}
      </Title>
      <Text fz="xs" c="dimmed" mb="sm">
        {children}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="md" role="list" aria-label={title}>
        {hits.map((hit) => (
          <HitCard key={`${hit.recording_id}-${hit.span_id}`} hit={hit} query={query} />
        ))}
      </SimpleGrid>
    </section>
  );
}
