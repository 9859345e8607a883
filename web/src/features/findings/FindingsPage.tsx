import { Button, Group, Kbd, Popover, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download, Flag, Keyboard } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { watchTermsQuery } from "../watch_terms/queries";
import { type FindingFilter, findingsQuery } from "./queries";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { PageHeader } from "../../elements/PageHeader";
import { findingFilterOf, findingsFileAddress } from "./address";
import { BulkReview } from "./BulkReview";
import { FindingCard } from "./FindingCard";
import { FindingFilters } from "./FindingFilters";
import "./findings.css";
import { grouped } from "./groups";
import { REVIEW_KEYS, useReviewKeys } from "./useReviewKeys";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

export function FindingsPage() {
  const may = useMay();
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
  const groups = useMemo(() => grouped(data?.pages.flatMap((page) => page.items) ?? []), [data]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const select = (id: string, isSelected: boolean) =>
    setSelected((before) => {
      const now = new Set(before);
      if (isSelected) now.add(id);
      else now.delete(id);
      return now;
    });
  const chosen = groups.filter(({ finding }) => selected.has(finding.id));
  return (
    <>
      <PageHeader title={TEXTS.findings} lead={TEXTS.lead}>
        <Button
          component="a"
          href={findingsFileAddress(filter)}
          download
          variant="default"
          leftSection={<Download size={16} />}
        >
          {TEXTS.downloadCsv}
        </Button>
        <KeyHelp />
      </PageHeader>
      <FindingFilters filter={filter} terms={terms.data?.items ?? []} />
      {may("finding.review") && groups.length > 0 && (
        <BulkReview
          chosen={chosen}
          count={groups.length}
          onSelectAll={(all) => setSelected(new Set(all ? groups.map(({ finding }) => finding.id) : []))}
        />
      )}
      {isPending && <RowsLoading count={3} height={220} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && groups.length === 0 && (
        <NoFindings filter={filter} hasTerms={terms.data?.items.length !== 0} />
      )}
      <Stack ref={list} role="list" aria-label={TEXTS.findings}>
        {groups.map((group) => (
          <FindingCard
            key={group.finding.id}
            group={group}
            query={queryOf.get(group.finding.watch_term_id) ?? ""}
            isSelected={selected.has(group.finding.id)}
            onSelect={(isSelected) => select(group.finding.id, isSelected)}
          />
        ))}
      </Stack>
      <MoreButton {...paging} />
    </>
  );
}

function NoFindings({ filter, hasTerms }: { filter: FindingFilter; hasTerms: boolean }) {
  if (!hasTerms) {
    return (
      <EmptyState icon={Flag} title={TEXTS.noWatchTermsYet}>
        {TEXTS.watchTermIsSearch}
      </EmptyState>
    );
  }
  const isNarrow = Object.keys(filter).some((name) => name !== "verdict");
  if (filter.verdict === "open" && !isNarrow) {
    return (
      <EmptyState icon={Flag} title={TEXTS.nothingToReview}>
        {TEXTS.whatWatchTermsFind}
      </EmptyState>
    );
  }
  return <EmptyState icon={Flag} title={TEXTS.noFindingMatchesFilter} />;
}

function KeyHelp() {
  return (
    <Popover position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<Keyboard size={16} />} visibleFrom="sm">
          {TEXTS.keys}
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
