import { Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { usersQuery } from "./queries";
import type { Role, User, UserPatch } from "../../api/types";
import { FormEnd } from "../../elements/FormEnd";
import { type Rules, useForm } from "../../elements/useForm";
import { all, atMost, filled, MIN_PASSWORD, newPassword, password, username } from "../../format/rules";
import { ROLE_WORDS } from "../../api/words";

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

const TEXTS = {
  usernameRule: "Letters, digits and . _ @ -",
  passwordRule: `At least ${MIN_PASSWORD} characters.`,
  passwordKept: `Leave empty to keep the current one. A new one (at least ${MIN_PASSWORD} characters) signs the user out.`,
};

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
    <Modal opened onClose={onClose} title={user === null ? "New user" : `Edit ${user.username}`}>
      <form {...form.form} autoComplete="off">
        <Stack>
          <TextInput
            label="Username"
            description={user === null ? TEXTS.usernameRule : ""}
            required
            disabled={user !== null}
            autoComplete="off"
            {...form.text("username")}
          />
          <TextInput label="Name" required {...form.text("display_name")} />
          <Select
            label="Role"
            data={ROLES}
            allowDeselect={false}
            {...form.field("role")}
            onChange={(role) => role && form.set({ role })}
          />
          <PasswordInput
            label={user === null ? "Password" : "New password"}
            description={user === null ? TEXTS.passwordRule : TEXTS.passwordKept}
            required={user === null}
            autoComplete="new-password"
            {...form.text("password")}
          />
          <FormEnd {...form} action={user === null ? "Create user" : "Save"} onClose={onClose} />
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
