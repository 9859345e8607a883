import { Button, Group, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Search, SearchX } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { searchQuery } from "../../api/queries";
import { EmptyState } from "../../app/elements/EmptyState";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { RowsLoading } from "../../app/elements/Loading";
import { MoreButton } from "../../app/elements/MoreButton";
import { PageHeader } from "../../app/elements/PageHeader";
import { HitCard } from "./HitCard";
import "./search.css";
import { SyntaxHelp } from "./SyntaxHelp";

export function SearchPage() {
  const [address, setAddress] = useSearchParams();
  const query = address.get("q") ?? "";
  return (
    <>
      <PageHeader title="Search" lead="Find the moment by what was on the screen." />
      <QueryBox key={query} query={query} onSearch={(q) => setAddress(q === "" ? {} : { q })} />
      {query === "" ? (
        <EmptyState icon={Search} title="What was on the screen?">
          Type words that were shown in a session: a command, a file name, an error message.
        </EmptyState>
      ) : (
        <Hits query={query} />
      )}
    </>
  );
}

function QueryBox({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const [words, setWords] = useState(query);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(words.trim());
  };
  return (
    <search>
      <form onSubmit={submit}>
        <Group gap="sm" wrap="nowrap" maw={760}>
          <TextInput
            style={{ flex: 1 }}
            size="md"
            aria-label="Search recordings"
            placeholder='Words, "a phrase", prefix*'
            leftSection={<Search size={18} />}
            rightSection={<SyntaxHelp />}
            autoFocus
            maxLength={500}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <Button type="submit" size="md">
            Search
          </Button>
        </Group>
      </form>
    </search>
  );
}

function Hits({ query }: { query: string }) {
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(searchQuery(query));
  if (isPending) {
    return (
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} mt="lg">
        {["a", "b", "c"].map((key) => (
          <RowsLoading key={key} count={1} height={300} />
        ))}
      </SimpleGrid>
    );
  }
  if (error) return <ErrorNoticeBelow error={error} onRetry={refetch} />;
  const hits = data.pages.flatMap((page) => page.items);
  const first = data.pages[0];
  const searched = first ? searchedText(first.recordings_searched) : "";
  if (hits.length === 0) {
    return (
      <EmptyState icon={SearchX} title="No hits">
        {first?.message ?? `Nothing like this was read in ${searched}.`}
      </EmptyState>
    );
  }
  return (
    <>
      <Text fz="sm" c="dimmed" my="md" aria-live="polite">
        {countText(hits.length, paging.hasNextPage)}, {searched} searched
        {first?.message ? `. ${first.message}` : ""}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="md" role="list" aria-label="Hits">
        {hits.map((hit) => (
          <HitCard key={`${hit.recording_id}-${hit.span_id}`} hit={hit} query={query} />
        ))}
      </SimpleGrid>
      <MoreButton {...paging} />
    </>
  );
}

function ErrorNoticeBelow({ error, onRetry }: { error: Error; onRetry: () => unknown }) {
  return (
    <Group mt="lg" grow>
      <ErrorNotice error={error} title="The search did not work" onRetry={onRetry} />
    </Group>
  );
}

function searchedText(count: number): string {
  return count === 1 ? "1 recording" : `${count.toLocaleString()} recordings`;
}

function countText(count: number, more: boolean): string {
  if (more) return `First ${count} hits`;
  return count === 1 ? "1 hit" : `${count} hits`;
}
