import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client, unwrap } from "../../api/client";
import { usersQuery } from "../../api/queries";
import type { Role, User, UserPatch } from "../../api/types";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { ROLE_WORDS } from "../../app/format/words";

interface Props {
  user: User | null;
  onClose: () => void;
}

interface Draft {
  username: string;
  display_name: string;
  role: Role;
  password: string;
}

const ROLES = (Object.keys(ROLE_WORDS) as Role[]).map((value) => ({
  value,
  label: `${ROLE_WORDS[value].title}: ${ROLE_WORDS[value].does}`,
}));

export function UserModal({ user, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>({
    username: user?.username ?? "",
    display_name: user?.display_name ?? "",
    role: user?.role ?? "operator",
    password: "",
  });
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => (user === null ? create(draft) : changeUser(user.id, draft)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: usersQuery.queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={user === null ? "New user" : `Edit ${user.username}`}>
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <TextInput
            label="Username"
            required
            disabled={user !== null}
            autoComplete="off"
            value={draft.username}
            onChange={(event) => set({ username: event.currentTarget.value })}
          />
          <TextInput
            label="Name"
            required
            value={draft.display_name}
            onChange={(event) => set({ display_name: event.currentTarget.value })}
          />
          <Select
            label="Role"
            data={ROLES}
            allowDeselect={false}
            value={draft.role}
            onChange={(role) => role && set({ role })}
          />
          <PasswordInput
            label={user === null ? "Password" : "New password"}
            description={user === null ? "" : "Empty leaves it as it is. A new one signs the user out."}
            required={user === null}
            autoComplete="new-password"
            value={draft.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
          />
          {save.error && <ErrorNotice error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {user === null ? "Create user" : "Save"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function create(body: Draft) {
  return unwrap(client.POST("/api/users", { body }));
}

function changeUser(userId: string, { display_name, role, password }: Draft) {
  const body: UserPatch = { display_name, role, ...(password === "" ? {} : { password }) };
  return unwrap(client.PATCH("/api/users/{user_id}", { params: { path: { user_id: userId } }, body }));
}
