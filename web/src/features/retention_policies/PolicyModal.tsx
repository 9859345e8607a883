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
import { RISK_CLASS_WORDS } from "../../api/texts";
import { TEXTS } from "./texts";

const RISK_CLASS_CHOICES = Object.entries(RISK_CLASS_WORDS).map(([value, { title }]) => ({
  value,
  label: title,
}));

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
      title={policy === null ? TEXTS.newRetentionPolicy : TEXTS.editPolicy(policy.name)}
    >
      <form {...form.form}>
        <Stack>
          <TextInput label={TEXTS.name} required data-autofocus {...form.text("name")} />
          {isDefault ? (
            <Text fz="sm" c="dimmed">
              {TEXTS.appliesToEveryRecording}
            </Text>
          ) : (
            <Conditions draft={draft} onChange={set} />
          )}
          <Days form={form} />
          <Switch
            label={TEXTS.lockArchivedObjects}
            description={TEXTS.whereBucketHasObject}
            checked={draft.object_lock}
            onChange={(event) => set({ object_lock: event.currentTarget.checked })}
          />
          {preview.data && (
            <EffectReport effect={preview.data} acceptShorter={acceptShorter} onAccept={setAcceptShorter} />
          )}
          <FormEnd
            {...form}
            action={preview.data ? (policy === null ? TEXTS.createPolicy : TEXTS.save) : TEXTS.showWhatItDoes}
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
          label={TEXTS.targetField}
          placeholder={TEXTS.any}
          clearable
          searchable
          data={targets.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={draft.target_id}
          onChange={(target_id) => onChange({ target_id })}
        />
        <TextInput
          label={TEXTS.groupField}
          placeholder={TEXTS.any}
          maxLength={100}
          value={draft.target_group}
          onChange={(event) => onChange({ target_group: event.currentTarget.value })}
        />
        <Select
          label={TEXTS.riskClassField}
          placeholder={TEXTS.any}
          clearable
          data={RISK_CLASS_CHOICES}
          value={draft.risk_class}
          onChange={(value) => onChange({ risk_class: value as RiskClass | null })}
        />
      </SimpleGrid>
      <Text fz="xs" c="dimmed">
        {TEXTS.conditionsHint}
      </Text>
    </Stack>
  );
}

function Days({ form }: { form: Form<Draft> }) {
  const shared = {
    min: 0,
    max: MOST_DAYS,
    suffix: TEXTS.days,
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
        label={TEXTS.hotStorage}
        description={TEXTS.thenArchiveOnly}
        placeholder={TEXTS.default}
        {...field("hot_days")}
      />
      <NumberInput
        label={TEXTS.keepFor}
        description={TEXTS.notPurgedBefore}
        required
        {...field("retain_for_days")}
      />
      <NumberInput
        label={TEXTS.deleteAfter}
        description={TEXTS.leaveEmptyToNever}
        placeholder={TEXTS.never}
        {...field("delete_after_days")}
      />
    </SimpleGrid>
  );
}
