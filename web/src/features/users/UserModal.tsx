import { Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { usersQuery } from "./queries";
import type { Role, User, UserPatch } from "../../api/types";
import { FormEnd } from "../../elements/FormEnd";
import { type Rules, useForm } from "../../elements/useForm";
import { all, atMost, filled, MIN_PASSWORD, newPassword, password, username } from "../../format/rules";
import { ROLE_WORDS } from "../../api/texts";
import { TEXTS } from "./texts";

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
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (draft: Draft) => (user === null ? create(draft) : changeUser(user.id, draft)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: usersQuery.queryKey });
      onClose();
    },
  });
  const rules: Rules<Draft> = {
    ...(user === null && { username }),
    display_name: all(filled, atMost(100)),
    password: user === null ? newPassword : password,
  };
  const form = useForm(() => draftOf(user), rules, save);
  return (
    <Modal opened onClose={onClose} title={user === null ? TEXTS.newUser : TEXTS.edit(user.username)}>
      <form {...form.form} autoComplete="off">
        <Stack>
          <TextInput
            label={TEXTS.username}
            description={user === null ? TEXTS.usernameHint : ""}
            required
            disabled={user !== null}
            autoComplete="off"
            {...form.text("username")}
          />
          <TextInput label={TEXTS.name} required {...form.text("display_name")} />
          <Select
            label={TEXTS.role}
            data={ROLES}
            allowDeselect={false}
            {...form.field("role")}
            onChange={(role) => role && form.set({ role })}
          />
          <PasswordInput
            label={user === null ? TEXTS.password : TEXTS.newPassword}
            description={
              user === null ? TEXTS.atLeastCharacters(MIN_PASSWORD) : TEXTS.leaveEmptyToKeep(MIN_PASSWORD)
            }
            required={user === null}
            autoComplete="new-password"
            {...form.text("password")}
          />
          <FormEnd {...form} action={user === null ? TEXTS.createUser : TEXTS.save} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function draftOf(user: User | null): Draft {
  return {
    username: user?.username ?? "",
    display_name: user?.display_name ?? "",
    role: user?.role ?? "operator",
    password: "",
  };
}

function create(body: Draft) {
  return unwrap(client.POST("/api/users", { body }));
}

function changeUser(userId: string, { display_name, role, password }: Draft) {
  const body: UserPatch = { display_name, role, ...(password === "" ? {} : { password }) };
  return unwrap(client.PATCH("/api/users/{user_id}", { params: { path: { user_id: userId } }, body }));
}
