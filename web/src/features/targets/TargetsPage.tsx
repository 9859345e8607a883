import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { MonitorUp, Plus, Search } from "lucide-react";
import { useState } from "react";
import { targetsQuery } from "./queries";
import type { Target } from "../../api/types";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { PageHeader } from "../../elements/PageHeader";
import { CredentialModal } from "./CredentialModal";
import { RemoveTargetModal } from "./RemoveTargetModal";
import { TargetCard, type TargetTask } from "./TargetCard";
import { TargetModal } from "./TargetModal";
import "./targets.css";
import { TrialModal } from "./TrialModal";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

interface Open {
  task: TargetTask;
  target: Target | null;
}

export function TargetsPage() {
  const may = useMay();
  const { data, isPending, error, refetch } = useQuery(targetsQuery);
  const [words, setWords] = useState("");
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const add = may("target.manage") && (
    <Button leftSection={<Plus size={16} />} onClick={() => setOpen({ task: "edit", target: null })}>
      {TEXTS.newTarget}
    </Button>
  );
  const shown = (data?.items ?? []).filter((target) => matches(target, words));
  return (
    <>
      <PageHeader title={TEXTS.targets} lead={TEXTS.lead}>
        {add}
      </PageHeader>
      {data && data.items.length > 0 && (
        <TextInput
          mb="md"
          maw={360}
          aria-label={TEXTS.filterTargets}
          placeholder={TEXTS.filterByNameProtocol}
          leftSection={<Search size={16} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      )}
      {isPending && <RowsLoading count={4} height={88} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && shown.length === 0 && <NoTargets filtered={data.items.length > 0} add={add} />}
      <ul className="target-grid" aria-label={TEXTS.targets}>
        {shown.map((target) => (
          <TargetCard key={target.id} target={target} onTask={(task) => setOpen({ task, target })} />
        ))}
      </ul>
      {open?.task === "edit" && <TargetModal target={open.target} onClose={close} />}
      {open?.task === "credential" && open.target && <CredentialModal target={open.target} onClose={close} />}
      {open?.task === "trial" && open.target && <TrialModal target={open.target} onClose={close} />}
      {open?.task === "remove" && open.target && <RemoveTargetModal target={open.target} onClose={close} />}
    </>
  );
}

function NoTargets({ filtered, add }: { filtered: boolean; add: React.ReactNode }) {
  if (filtered) return <EmptyState icon={Search} title={TEXTS.noTargetMatches} />;
  return (
    <EmptyState icon={MonitorUp} title={TEXTS.noTargetsYet} action={add}>
      {TEXTS.targetIsMachineThat}
    </EmptyState>
  );
}

function matches(target: Target, words: string): boolean {
  const text = `${target.name} ${target.protocol} ${target.host ?? ""}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
