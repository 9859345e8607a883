/** The form of a retention policy. What it would do is shown before it can be saved. */
import { Modal, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { targetsQuery } from "../targets/queries";
import type { RetentionPolicy, RiskClass } from "../../api/types";
import { FormEnd } from "../../elements/FormEnd";
import { type Form, type Rules, useForm } from "../../elements/useForm";
import { all, atMost, between, filled, type Rule } from "../../format/rules";
import { bodyOf, type Draft, draftOf } from "./draft";
import { EffectReport } from "./EffectReport";
import { usePreview, useSavePolicy } from "./mutations";
import { RISK_CLASS_CHOICES } from "./words";

interface Props {
  policy: RetentionPolicy | null;
  isDefault: boolean;
  onClose: () => void;
}

const MOST_DAYS = 36_525;
const days = between(0, MOST_DAYS);
const daysOrNone: Rule<number | ""> = (value) => (value === "" ? null : days(value));
const RULES: Rules<Draft> = {
  name: all(filled, atMost(100)),
  hot_days: daysOrNone,
  retain_for_days: days,
  delete_after_days: daysOrNone,
};

export function PolicyModal({ policy, isDefault, onClose }: Props) {
  const [acceptShorter, setAcceptShorter] = useState(false);
  const preview = usePreview();
  const save = useSavePolicy(policy?.id ?? null, onClose);
  const form = useForm(
    () => draftOf(policy),
    RULES,
    {
      mutate: (draft) => {
        const body = bodyOf(draft);
        if (preview.data) save.mutate({ policy: body, acceptShorter });
        else preview.mutate(policy === null ? { policy: body } : { policy_id: policy.id, policy: body });
      },
      error: preview.error ?? save.error,
      isPending: preview.isPending || save.isPending,
    },
    () => {
      setAcceptShorter(false);
      preview.reset(); // it was of another draft
      save.reset();
    },
  );
  const { draft, set } = form;
  const mustAccept = (preview.data?.shorter.count ?? 0) > 0 && !acceptShorter;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={policy === null ? "New retention policy" : `Edit ${policy.name}`}
    >
      <form {...form.form}>
        <Stack>
          <TextInput label="Name" required data-autofocus {...form.text("name")} />
          {isDefault ? (
            <Text fz="sm" c="dimmed">
              Applies to every recording that no other policy fits.
            </Text>
          ) : (
            <Conditions draft={draft} onChange={set} />
          )}
          <Days form={form} />
          <Switch
            label="Lock archived objects"
            description="Where the bucket has Object Lock, nobody can delete them before their retention is over, and nobody can shorten that."
            checked={draft.object_lock}
            onChange={(event) => set({ object_lock: event.currentTarget.checked })}
          />
          {preview.data && (
            <EffectReport effect={preview.data} acceptShorter={acceptShorter} onAccept={setAcceptShorter} />
          )}
          <FormEnd
            {...form}
            action={preview.data ? (policy === null ? "Create policy" : "Save") : "Show what it does"}
            disabled={mustAccept}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

function Conditions({ draft, onChange }: FieldsProps) {
  const targets = useQuery(targetsQuery);
  return (
    <Stack gap={6}>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Select
          label="Target"
          placeholder="Any"
          clearable
          searchable
          data={targets.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={draft.target_id}
          onChange={(target_id) => onChange({ target_id })}
        />
        <TextInput
          label="Group"
          placeholder="Any"
          maxLength={100}
          value={draft.target_group}
          onChange={(event) => onChange({ target_group: event.currentTarget.value })}
        />
        <Select
          label="Risk class"
          placeholder="Any"
          clearable
          data={RISK_CLASS_CHOICES}
          value={draft.risk_class}
          onChange={(value) => onChange({ risk_class: value as RiskClass | null })}
        />
      </SimpleGrid>
      <Text fz="xs" c="dimmed">
        A recording must fit all that are set. Of several policies that fit, the most specific one counts: a
        target before a group before a risk class.
      </Text>
    </Stack>
  );
}

function Days({ form }: { form: Form<Draft> }) {
  const shared = {
    min: 0,
    max: MOST_DAYS,
    suffix: " days",
    thousandSeparator: ",",
    clampBehavior: "none",
  } as const;
  const field = (name: "hot_days" | "retain_for_days" | "delete_after_days") => ({
    ...shared,
    ...form.field(name),
    onChange: (value: string | number) => form.set({ [name]: typeof value === "number" ? value : "" }),
  });
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <NumberInput
        label="Hot storage"
        description="Then archive only."
        placeholder="Default"
        {...field("hot_days")}
      />
      <NumberInput label="Keep for" description="Not purged before." required {...field("retain_for_days")} />
      <NumberInput
        label="Delete after"
        description="Leave empty to never delete automatically."
        placeholder="Never"
        {...field("delete_after_days")}
      />
    </SimpleGrid>
  );
}
