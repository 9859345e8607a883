import { Paper } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Clapperboard } from "lucide-react";
import { useSearchParams } from "react-router";
import { recordingsQuery } from "./queries";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { PageHeader } from "../../elements/PageHeader";
import { Stale } from "../../elements/Stale";
import { filterOf, isNarrowed, RecordingFilters } from "./RecordingFilters";
import { RecordingRow } from "./RecordingRow";
import "./recordings.css";
import { TEXTS } from "./texts";

export function RecordingsPage() {
  const [address] = useSearchParams();
  const filter = filterOf(address);
  const { data, isPending, isPlaceholderData, error, refetch, ...paging } = useInfiniteQuery(
    recordingsQuery(filter),
  );
  const recordings = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title={TEXTS.recordings} lead={TEXTS.lead} />
      <RecordingFilters />
      {isPending && <RowsLoading height={84} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && recordings.length === 0 && <NoRecordings filtered={isNarrowed(filter)} />}
      {recordings.length > 0 && (
        <Stale isStale={isPlaceholderData}>
          <Paper style={{ overflow: "hidden" }}>
            <ul className="recording-list" aria-label={TEXTS.recordings}>
              {recordings.map((recording) => (
                <RecordingRow key={recording.id} recording={recording} />
              ))}
            </ul>
          </Paper>
        </Stale>
      )}
      <MoreButton {...paging} />
    </>
  );
}

function NoRecordings({ filtered }: { filtered: boolean }) {
  if (filtered) return <EmptyState icon={Clapperboard} title={TEXTS.noRecordingMatchesFilter} />;
  return (
    <EmptyState icon={Clapperboard} title={TEXTS.noRecordingsYet}>
      {TEXTS.openTargetItsSession}
    </EmptyState>
  );
}
