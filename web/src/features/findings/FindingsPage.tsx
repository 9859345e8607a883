import {
  Button,
  CloseButton,
  Group,
  Kbd,
  Popover,
  SegmentedControl,
  Select,
  Stack,
  Text,
} from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Flag, Keyboard } from "lucide-react";
import { useMemo, useRef } from "react";
import { useSearchParams } from "react-router";
import { type FindingFilter, findingsQuery } from "./queries";
import { watchTermsQuery } from "../watch_terms/queries";
import type { WatchTerm } from "../../api/types";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { PageHeader } from "../../elements/PageHeader";
import { findingFilterOf, VERDICTS } from "./address";
import { FindingCard } from "./FindingCard";
import "./findings.css";
import { REVIEW_KEYS, useReviewKeys } from "./useReviewKeys";
import { VERDICT_WORDS } from "./words";

export function FindingsPage() {
  const [address] = useSearchParams();
  const filter = findingFilterOf(address);
  const terms = useQuery(watchTermsQuery);
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(findingsQuery(filter));
  const queryOf = useMemo(
    () => new Map(terms.data?.items.map((term) => [term.id, term.query])),
    [terms.data],
  );
  const list = useRef<HTMLDivElement>(null);
  useReviewKeys(list);
  const findings = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title="Findings" lead="Where a watch term was on a screen, to be reviewed.">
        <KeyHelp />
      </PageHeader>
      <Filters filter={filter} terms={terms.data?.items ?? []} />
      {isPending && <RowsLoading count={3} height={220} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && findings.length === 0 && (
        <NoFindings filter={filter} hasTerms={terms.data?.items.length !== 0} />
      )}
      <Stack ref={list} role="list" aria-label="Findings">
        {findings.map((finding) => (
          <FindingCard key={finding.id} finding={finding} query={queryOf.get(finding.watch_term_id) ?? ""} />
        ))}
      </Stack>
      <MoreButton {...paging} />
    </>
  );
}

interface FiltersProps {
  filter: FindingFilter;
  terms: readonly WatchTerm[];
}

function Filters({ filter, terms }: FiltersProps) {
  const [, setAddress] = useSearchParams();
  const set = (name: keyof FindingFilter, value: string | null) =>
    setAddress(
      (before) => {
        if (value === null) before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  return (
    <Group mb="md" gap="sm">
      <SegmentedControl
        aria-label="Verdict"
        data={[
          ...VERDICTS.map((value) => ({ value, label: VERDICT_WORDS[value].title })),
          { value: "all", label: "All" },
        ]}
        value={filter.verdict ?? "all"}
        onChange={(value) => set("verdict", value)}
      />
      <Select
        aria-label="Watch term"
        placeholder="Any watch term"
        w={220}
        clearable
        searchable
        data={terms.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.watch_term_id ?? null}
        onChange={(id) => set("watch_term_id", id)}
      />
      {filter.recording_id !== undefined && (
        <Group gap={2} fz="sm">
          One recording only
          <CloseButton
            size="sm"
            aria-label="Findings of all recordings"
            onClick={() => set("recording_id", null)}
          />
        </Group>
      )}
    </Group>
  );
}

function NoFindings({ filter, hasTerms }: { filter: FindingFilter; hasTerms: boolean }) {
  if (!hasTerms) {
    return (
      <EmptyState icon={Flag} title="No watch terms yet">
        A watch term is a search that runs on every new recording; what it finds is reviewed here.
      </EmptyState>
    );
  }
  const isNarrow = filter.watch_term_id !== undefined || filter.recording_id !== undefined;
  if (filter.verdict === "open" && !isNarrow) {
    return (
      <EmptyState icon={Flag} title="Nothing to review">
        What watch terms find in new recordings appears here.
      </EmptyState>
    );
  }
  return <EmptyState icon={Flag} title="No finding matches the filter" />;
}

function KeyHelp() {
  return (
    <Popover position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<Keyboard size={16} />} visibleFrom="sm">
          Keys
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6}>
          {REVIEW_KEYS.map(([keys, does]) => (
            <Group key={keys} gap="xs" wrap="nowrap">
              <Group gap={4} w={64}>
                {keys.split(" ").map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </Group>
              <Text fz="sm">{does}</Text>
            </Group>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
