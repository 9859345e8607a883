/** Write-only: a stored secret is replaced or removed, never shown. */
import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Target } from "../../api/types";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { Time } from "../../app/elements/Time";
import { useRemoveCredential, useSetCredential } from "./mutations";

export function CredentialModal({ target, onClose }: { target: Target; onClose: () => void }) {
  const [username, setUsername] = useState(target.credential?.username ?? "");
  const [secret, setSecret] = useState("");
  const store = useSetCredential(target.id, onClose);
  const remove = useRemoveCredential(target.id, onClose);
  const error = store.error ?? remove.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    store.mutate({ username, secret });
  };
  return (
    <Modal opened onClose={onClose} title={`Credential of ${target.name}`}>
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <Text fz="sm" c="dimmed">
            Used by the gateway to sign in at the target. It is stored encrypted, never shown again and never
            sent to a browser.
          </Text>
          {target.credential && (
            <Text fz="sm">
              Last set <Time at={target.credential.updated_at} relative />.
            </Text>
          )}
          <TextInput
            label="User name at the target"
            autoComplete="off"
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Secret"
            autoComplete="new-password"
            required
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
          {error && <ErrorNotice error={error} />}
          <Group justify="space-between">
            <Button
              variant="subtle"
              color="red"
              disabled={target.credential === null}
              loading={remove.isPending}
              onClick={() => remove.mutate(undefined)}
            >
              Remove credential
            </Button>
            <Button type="submit" loading={store.isPending}>
              Store credential
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
