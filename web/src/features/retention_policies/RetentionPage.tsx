import { Button, Stack, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { RetentionPolicy } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { PageHeader } from "../../elements/PageHeader";
import { PolicyCard } from "./PolicyCard";
import { PolicyModal } from "./PolicyModal";
import { PurgeList } from "../purges/PurgeList";
import { policiesQuery } from "./queries";
import { RemovePolicyModal } from "./RemovePolicyModal";
import { byPrecision } from "./words";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

export function RetentionPage() {
  const [address, setAddress] = useSearchParams();
  const tab = address.get("show") === "purges" ? "purges" : "policies";
  return (
    <>
      <PageHeader title={TEXTS.retention} lead={TEXTS.lead} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => setAddress(value === "purges" ? { show: "purges" } : {}, { replace: true })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="policies">{TEXTS.policies}</Tabs.Tab>
          <Tabs.Tab value="purges">{TEXTS.purges}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="policies">
          <Policies />
        </Tabs.Panel>
        <Tabs.Panel value="purges">
          <PurgeList />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

type Form = { edit: RetentionPolicy | null } | { remove: RetentionPolicy };

function Policies() {
  const may = useMay();
  const [form, setForm] = useState<Form | null>(null);
  const { data, isPending, error, refetch } = useQuery(policiesQuery);
  const close = () => setForm(null);
  const policies = byPrecision(data?.items ?? []);
  const fallback = policies.at(-1);
  return (
    <Stack gap="sm">
      {isPending && <RowsLoading count={2} height={84} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      <Stack gap="sm" role="list" aria-label={TEXTS.retentionPolicies}>
        {policies.map((policy) => (
          <PolicyCard
            key={policy.id}
            policy={policy}
            onEdit={() => setForm({ edit: policy })}
            onRemove={() => setForm({ remove: policy })}
          />
        ))}
      </Stack>
      {data && may("retention.manage") && (
        <Button
          variant="default"
          leftSection={<CalendarPlus size={16} />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => setForm({ edit: null })}
        >
          {TEXTS.newPolicy}
        </Button>
      )}
      {form && "edit" in form && (
        <PolicyModal
          policy={form.edit}
          isDefault={form.edit !== null && form.edit === fallback}
          onClose={close}
        />
      )}
      {form && "remove" in form && <RemovePolicyModal policy={form.remove} onClose={close} />}
    </Stack>
  );
}
