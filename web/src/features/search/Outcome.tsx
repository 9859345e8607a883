/** What both views of a search say of it: that it runs, that it failed, what it found and in how much. */
import { Group, SimpleGrid, Text } from "@mantine/core";
import { SearchX } from "lucide-react";
import type { Coverage } from "../../api/types";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { sentence, summaryText } from "./summary";

export function Searching() {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} mt="lg">
      {["a", "b", "c"].map((key) => (
        <RowsLoading key={key} count={1} height={300} />
      ))}
    </SimpleGrid>
  );
}

export function Failed({ error, onRetry }: { error: Error; onRetry: () => unknown }) {
  return (
    <Group mt="lg" grow>
      <ErrorNotice error={error} title="The search did not work" onRetry={onRetry} />
    </Group>
  );
}

interface FoundProps {
  page: { message: string | null; coverage: Coverage } | undefined;
  count: number;
  hits: string;
}

/** The line above the hits, or in their place when there are none. */
export function Found({ page, count, hits }: FoundProps) {
  if (page === undefined) return null;
  const summary = sentence(summaryText(hits, page.coverage));
  if (count === 0) {
    return (
      <EmptyState icon={SearchX} title="No hits">
        <span aria-live="polite">{page.message ?? `${summary}.`}</span>
      </EmptyState>
    );
  }
  return (
    <Text fz="sm" c="dimmed" mt="md" aria-live="polite">
      {summary}
      {page.message !== null && `. ${sentence(page.message)}`}
    </Text>
  );
}
