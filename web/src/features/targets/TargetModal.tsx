import {
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
import { protocolsQuery } from "./queries";
import type { Protocol, Target } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { FormEnd } from "../../elements/FormEnd";
import { type Form, type Rules, useForm } from "../../elements/useForm";
import { all, atMost, between, filled, host } from "../../format/rules";
import { type Draft, draftOf, targetBodyOf, targetPatchOf, withProtocol } from "./draft";
import { useChangeTarget, useCreateTarget } from "./mutations";
import { EvidenceFields } from "./EvidenceFields";
import { ParameterFields } from "./ParameterFields";
import { parametersFault } from "./parameterRules";
import { TEXTS } from "./texts";

interface Props {
  target: Target | null;
  onClose: () => void;
}

export function TargetModal({ target, onClose }: Props) {
  const protocols = useQuery(protocolsQuery);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={target === null ? TEXTS.newTarget : TEXTS.editNamed(target.name)}
    >
      {protocols.isPending && <Loader aria-label={TEXTS.loading} />}
      {protocols.error && <ErrorNotice error={protocols.error} onRetry={protocols.refetch} />}
      {protocols.data && <TargetForm target={target} protocols={protocols.data.items} onClose={onClose} />}
    </Modal>
  );
}

const RULES: Rules<Draft> = {
  name: all(filled, atMost(100)),
  host,
  port: between(1, 65_535),
  target_group: atMost(100),
  username: atMost(256),
};

function rulesFor(protocols: readonly Protocol[]): Rules<Draft> {
  return {
    ...RULES,
    parameters: (values, draft) =>
      parametersFault(
        protocols.find(({ name }) => name === draft.protocol),
        values,
      ),
  };
}

function TargetForm({ target, protocols, onClose }: Props & { protocols: Protocol[] }) {
  const create = useCreateTarget(onClose);
  const change = useChangeTarget(target?.id ?? "", onClose);
  const form = useForm<Draft>(() => draftOf(target, protocols), rulesFor(protocols), {
    mutate: (draft) =>
      target === null ? create.mutate(targetBodyOf(draft)) : change.mutate(targetPatchOf(draft)),
    error: create.error ?? change.error,
    isPending: create.isPending || change.isPending,
  });
  const { draft, set } = form;
  const protocol = protocols.find(({ name }) => name === draft.protocol);
  return (
    <form {...form.form}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={TEXTS.name} required data-autofocus {...form.text("name")} />
          <Select
            label={TEXTS.protocol}
            required
            allowDeselect={false}
            disabled={target !== null}
            data={protocols.map(({ name, title }) => ({ value: name, label: title }))}
            {...form.field("protocol")}
            onChange={(name) => set(withProtocol(draft, name, protocols))}
          />
          <TextInput label={TEXTS.host} required {...form.text("host")} />
          <NumberInput
            label={TEXTS.port}
            required
            min={1}
            max={65535}
            clampBehavior="none"
            allowDecimal={false}
            {...form.field("port")}
            onChange={(value) => set({ port: value === "" ? "" : Number(value) })}
          />
        </SimpleGrid>
        {target === null && <CredentialFields form={form} />}
        <EvidenceFields form={form} />
        {protocol && <ParameterFields key={protocol.name} parameters={protocol.parameters} form={form} />}
        <FormEnd {...form} action={target === null ? TEXTS.createTarget : TEXTS.save} onClose={onClose} />
      </Stack>
    </form>
  );
}

function CredentialFields({ form }: { form: Form<Draft> }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput label={TEXTS.userNameAtTarget} autoComplete="off" {...form.text("username")} />
      <PasswordInput
        label={TEXTS.secret}
        description={TEXTS.storedEncryptedNeverShown}
        inputWrapperOrder={["label", "input", "description", "error"]}
        autoComplete="new-password"
        {...form.text("secret")}
      />
    </SimpleGrid>
  );
}
