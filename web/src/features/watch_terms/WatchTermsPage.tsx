import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { BellPlus, BellRing } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { watchTermsQuery } from "./queries";
import type { WatchTerm } from "../../api/types";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { PageHeader } from "../../elements/PageHeader";
import "../findings/findings.css";
import { WatchTermCard } from "./WatchTermCard";
import { WatchTermModal } from "./WatchTermModal";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

/** Which form is open: for a term, or for a new one with this query. */
type Form = { term: WatchTerm } | { query: string };

export function WatchTermsPage() {
  const may = useMay();
  const [address, setAddress] = useSearchParams();
  const wanted = address.get("new");
  const [form, setForm] = useState<Form | null>(wanted === null ? null : { query: wanted });
  const { data, isPending, error, refetch } = useQuery(watchTermsQuery);
  const close = () => {
    setForm(null);
    setAddress({}, { replace: true });
  };
  const add = may("watch_term.manage") && (
    <Button leftSection={<BellPlus size={16} />} onClick={() => setForm({ query: "" })}>
      {TEXTS.newWatchTerm}
    </Button>
  );
  return (
    <>
      <PageHeader title={TEXTS.watchTerms} lead={TEXTS.lead}>
        {data && data.items.length > 0 && add}
      </PageHeader>
      {isPending && <RowsLoading count={3} height={96} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data?.items.length === 0 && (
        <EmptyState icon={BellRing} title={TEXTS.noWatchTermsYet} action={add}>
          {TEXTS.saveSearchHereAnd}
        </EmptyState>
      )}
      <Stack gap="sm" role="list" aria-label={TEXTS.watchTerms}>
        {data?.items.map((term) => (
          <WatchTermCard key={term.id} term={term} onEdit={() => setForm({ term })} />
        ))}
      </Stack>
      {form && may("watch_term.manage") && (
        <WatchTermModal
          term={"term" in form ? form.term : null}
          query={"query" in form ? form.query : ""}
          recordingCount={data?.recording_count ?? 0}
          onClose={close}
        />
      )}
    </>
  );
}
