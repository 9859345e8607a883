/** What both views of a search say of it: that it runs, that it failed, what it found and in how much. */
import { Alert, Group, SimpleGrid, Text } from "@mantine/core";
import { Info, SearchAlert, SearchX } from "lucide-react";
import type { Coverage } from "../../api/types";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { sentence, summaryText } from "./summary";
import { TEXTS } from "./texts";

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
      <ErrorNotice error={error} title={TEXTS.searchDidNotWork} onRetry={onRetry} />
    </Group>
  );
}

interface FoundProps {
  page: { message: string | null; is_refused: boolean; coverage: Coverage } | undefined;
  count: number;
  hits: string;
}

/**
 * The line above the hits, or in their place when there are none. What of the query may have been meant otherwise stands
 * above both: no hits of a query that was misread would read as "nobody did that".
 */
export function Found({ page, count, hits }: FoundProps) {
  if (page === undefined) return null;
  if (page.is_refused) {
    return (
      <EmptyState icon={SearchAlert} title={TEXTS.thisCannotBeSearched}>
        <span aria-live="polite">{sentence(page.message ?? "")}</span>
      </EmptyState>
    );
  }
  const summary = sentence(summaryText(hits, page.coverage));
  return (
    <>
      {page.message !== null && <Notes message={page.message} />}
      {count === 0 ? (
        <EmptyState icon={SearchX} title={TEXTS.noHits}>
          <span aria-live="polite">{summary}.</span>
        </EmptyState>
      ) : (
        <Text fz="sm" c="dimmed" mt="md" aria-live="polite">
          {summary}
        </Text>
      )}
    </>
  );
}

function Notes({ message }: { message: string }) {
  return (
    <Alert mt="md" color="yellow" icon={<Info size={18} />} title={TEXTS.howThisWasUnderstood} role="status">
      {sentence(message)}
    </Alert>
  );
}
