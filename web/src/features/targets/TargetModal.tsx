import {
  Button,
  Group,
  Loader,
  Modal,
  NumberInput,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { protocolsQuery } from "../../api/queries";
import type { Protocol, Target } from "../../api/types";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { type Draft, draftOf, targetBodyOf, targetPatchOf, withProtocol } from "./draft";
import { useChangeTarget, useCreateTarget } from "./mutations";
import { EvidenceFields } from "./EvidenceFields";
import { ParameterFields } from "./ParameterFields";

interface Props {
  target: Target | null;
  onClose: () => void;
}

export function TargetModal({ target, onClose }: Props) {
  const protocols = useQuery(protocolsQuery);
  return (
    <Modal opened onClose={onClose} size="lg" title={target === null ? "New target" : `Edit ${target.name}`}>
      {protocols.isPending && <Loader aria-label="Loading" />}
      {protocols.error && <ErrorNotice error={protocols.error} onRetry={protocols.refetch} />}
      {protocols.data && <TargetForm target={target} protocols={protocols.data.items} onClose={onClose} />}
    </Modal>
  );
}

function TargetForm({ target, protocols, onClose }: Props & { protocols: Protocol[] }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(target, protocols));
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const create = useCreateTarget(onClose);
  const change = useChangeTarget(target?.id ?? "", onClose);
  const protocol = protocols.find(({ name }) => name === draft.protocol);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (target === null) create.mutate(targetBodyOf(draft));
    else change.mutate(targetPatchOf(draft));
  };
  const error = create.error ?? change.error;
  return (
    <form onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label="Name"
            required
            data-autofocus
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Select
            label="Protocol"
            required
            allowDeselect={false}
            disabled={target !== null}
            data={protocols.map(({ name, title }) => ({ value: name, label: title }))}
            value={draft.protocol}
            onChange={(name) => setDraft((before) => withProtocol(before, name, protocols))}
          />
          <TextInput
            label="Host"
            required
            value={draft.host}
            onChange={(event) => set({ host: event.currentTarget.value })}
          />
          <NumberInput
            label="Port"
            required
            min={1}
            max={65535}
            allowDecimal={false}
            value={draft.port}
            onChange={(value) => set({ port: Number(value) })}
          />
        </SimpleGrid>
        {target === null && <CredentialFields draft={draft} onChange={set} />}
        <EvidenceFields draft={draft} onChange={set} />
        {protocol && (
          <ParameterFields
            parameters={protocol.parameters}
            values={draft.parameters}
            onChange={(parameters) => set({ parameters })}
          />
        )}
        {error && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending || change.isPending}>
            {target === null ? "Create target" : "Save"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface CredentialFieldsProps {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

function CredentialFields({ draft, onChange }: CredentialFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput
        label="User name at the target"
        autoComplete="off"
        value={draft.username}
        onChange={(event) => onChange({ username: event.currentTarget.value })}
      />
      <PasswordInput
        label="Secret"
        description="Stored encrypted, never shown again."
        inputWrapperOrder={["label", "input", "description", "error"]}
        autoComplete="new-password"
        value={draft.secret}
        onChange={(event) => onChange({ secret: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}
