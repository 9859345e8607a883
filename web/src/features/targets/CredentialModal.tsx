/** Write-only: a stored secret is replaced or removed, never shown. */
import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import type { Target } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { useForm } from "../../elements/useForm";
import { Time } from "../../elements/Time";
import { atMost, filled } from "../../format/rules";
import { useRemoveCredential, useSetCredential } from "./mutations";
import { TEXTS } from "./texts";

const RULES = { username: atMost(256), secret: filled };

export function CredentialModal({ target, onClose }: { target: Target; onClose: () => void }) {
  const store = useSetCredential(target.id, onClose);
  const remove = useRemoveCredential(target.id, onClose);
  const initial = { username: target.credential?.username ?? "", secret: "" };
  const form = useForm(initial, RULES, store);
  const error = form.error ?? remove.error;
  return (
    <Modal opened onClose={onClose} title={TEXTS.credentialOf(target.name)}>
      <form {...form.form} autoComplete="off">
        <Stack>
          <Text fz="sm" c="dimmed">
            {TEXTS.usedByGatewayTo}
          </Text>
          {target.credential && (
            <Text fz="sm">
              {TEXTS.lastSet} <Time at={target.credential.updated_at} relative />.
            </Text>
          )}
          <TextInput label={TEXTS.userNameAtTarget} autoComplete="off" {...form.text("username")} />
          <PasswordInput label={TEXTS.secret} autoComplete="new-password" required {...form.text("secret")} />
          {error && <ErrorNotice error={error} />}
          <Group justify="space-between">
            <Button
              variant="subtle"
              color="red"
              disabled={target.credential === null}
              loading={remove.isPending}
              onClick={() => remove.mutate(undefined)}
            >
              {TEXTS.removeCredential}
            </Button>
            <Button type="submit" loading={store.isPending}>
              {TEXTS.storeCredential}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
