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
      New target
    </Button>
  );
  const shown = (data?.items ?? []).filter((target) => matches(target, words));
  return (
    <>
      <PageHeader title="Targets" lead="Machines you may open. Every session is recorded.">
        {add}
      </PageHeader>
      {data && data.items.length > 0 && (
        <TextInput
          mb="md"
          maw={360}
          aria-label="Filter targets"
          placeholder="Filter by name, protocol or host"
          leftSection={<Search size={16} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      )}
      {isPending && <RowsLoading count={4} height={88} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && shown.length === 0 && <NoTargets filtered={data.items.length > 0} add={add} />}
      <ul className="target-grid" aria-label="Targets">
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
  if (filtered) return <EmptyState icon={Search} title="No target matches" />;
  return (
    <EmptyState icon={MonitorUp} title="No targets yet" action={add}>
      A target is a machine that people reach through Reelgate, with its protocol and credential.
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
