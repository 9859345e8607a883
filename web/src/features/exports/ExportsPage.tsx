/** All exports there have been, newest first: what is out of the house, for whom, and for how long. */
import { Anchor, Paper } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { PackageOpen } from "lucide-react";
import { Link } from "react-router";
import { exportsQuery } from "./queries";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { PageHeader } from "../../elements/PageHeader";
import { ExportCard } from "./ExportCard";
import "./exports.css";
import { Sentence } from "../../elements/Sentence";
import { TEXTS } from "./texts";

export function ExportsPage() {
  return (
    <>
      <PageHeader title={TEXTS.exports} lead={TEXTS.lead} />
      <List />
    </>
  );
}

function List() {
  const { data, isPending, error, refetch, ...pages } = useInfiniteQuery(exportsQuery(null));
  if (isPending) return <RowsLoading count={4} height={72} />;
  if (error && !data) return <ErrorNotice error={error} onRetry={refetch} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState icon={PackageOpen} title={TEXTS.nothingHasBeenExported}>
        <Sentence
          text={TEXTS.openARecording}
          parts={{
            recording: (
              <Anchor component={Link} to="/recordings" inherit>
                {TEXTS.recording}
              </Anchor>
            ),
          }}
        />
      </EmptyState>
    );
  }
  return (
    <Paper p="md" className="export-list">
      {items.map((item) => (
        <ExportCard key={item.id} item={item} withRecording />
      ))}
      <MoreButton {...pages} />
    </Paper>
  );
}
