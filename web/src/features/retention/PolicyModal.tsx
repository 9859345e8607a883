/** The form of a retention policy. What it would do is shown before it can be saved. */
import {
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { targetsQuery } from "../../api/queries";
import type { RetentionPolicy, RiskClass } from "../../api/types";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
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

export function PolicyModal({ policy, isDefault, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(policy));
  const [acceptShorter, setAcceptShorter] = useState(false);
  const preview = usePreview();
  const save = useSavePolicy(policy?.id ?? null, onClose);
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    setAcceptShorter(false);
    preview.reset(); // it was of another draft
    save.reset();
  };
  const body = bodyOf(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (preview.data) save.mutate({ policy: body, acceptShorter });
    else preview.mutate(policy === null ? { policy: body } : { policy_id: policy.id, policy: body });
  };
  const error = preview.error ?? save.error;
  const mustAccept = (preview.data?.shorter.count ?? 0) > 0 && !acceptShorter;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={policy === null ? "New retention policy" : `Edit ${policy.name}`}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            required
            data-autofocus
            maxLength={100}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {isDefault ? (
            <Text fz="sm" c="dimmed">
              Applies to every recording that no other policy fits.
            </Text>
          ) : (
            <Conditions draft={draft} onChange={set} />
          )}
          <Days draft={draft} onChange={set} />
          <Switch
            label="Lock archived objects"
            description="Where the bucket has Object Lock, nobody can delete them before their retention is over, and nobody can shorten that."
            checked={draft.object_lock}
            onChange={(event) => set({ object_lock: event.currentTarget.checked })}
          />
          {preview.data && (
            <EffectReport effect={preview.data} acceptShorter={acceptShorter} onAccept={setAcceptShorter} />
          )}
          {error && <ErrorNotice error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            {preview.data ? (
              <Button type="submit" loading={save.isPending} disabled={mustAccept}>
                {policy === null ? "Create policy" : "Save"}
              </Button>
            ) : (
              <Button type="submit" loading={preview.isPending}>
                Show what it does
              </Button>
            )}
          </Group>
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

function Days({ draft, onChange }: FieldsProps) {
  const fields = { min: 0, max: MOST_DAYS, suffix: " days", thousandSeparator: "," };
  const days = (value: string | number): number | "" => (typeof value === "number" ? value : "");
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <NumberInput
        {...fields}
        clampBehavior="strict"
        label="Hot storage"
        description="Then archive only."
        placeholder="As set"
        value={draft.hot_days}
        onChange={(value) => onChange({ hot_days: days(value) })}
      />
      <NumberInput
        {...fields}
        clampBehavior="strict"
        label="Keep for"
        description="Nothing may purge it before."
        required
        value={draft.retain_for_days}
        onChange={(value) => onChange({ retain_for_days: days(value) })}
      />
      <NumberInput
        {...fields}
        clampBehavior="strict"
        label="Delete after"
        description="Empty: never by itself."
        placeholder="Never"
        value={draft.delete_after_days}
        onChange={(value) => onChange({ delete_after_days: days(value) })}
      />
    </SimpleGrid>
  );
}
