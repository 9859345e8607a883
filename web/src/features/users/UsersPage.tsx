import { ActionIcon, Avatar, Button, Group, Menu, Paper, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, UserPlus, Users } from "lucide-react";
import { useState } from "react";
import { client, unwrap } from "../../api/client";
import { usersQuery } from "./queries";
import type { User } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice, errorText } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { PageHeader } from "../../elements/PageHeader";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { LockoutsPanel } from "./LockoutsPanel";
import { UserModal } from "./UserModal";
import { ROLE_WORDS } from "../../api/texts";
import { useMe } from "../../api/me";
import { TEXTS } from "./texts";

export function UsersPage() {
  const { data, isPending, error, refetch } = useQuery(usersQuery);
  const [open, setOpen] = useState<{ user: User | null } | null>(null);
  return (
    <>
      <PageHeader title={TEXTS.users} lead={TEXTS.lead}>
        <Button leftSection={<UserPlus size={16} />} onClick={() => setOpen({ user: null })}>
          {TEXTS.newUser}
        </Button>
      </PageHeader>
      {isPending && <RowsLoading />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data?.items.length === 0 && <EmptyState icon={Users} title={TEXTS.noUsersYet} />}
      {data && data.items.length > 0 && (
        <Paper>
          <DataTable
            label={TEXTS.users}
            columns={columnsOf((user) => setOpen({ user }))}
            rows={data.items}
            keyOf={({ id }) => id}
          />
        </Paper>
      )}
      <LockoutsPanel />
      {open && <UserModal user={open.user} onClose={() => setOpen(null)} />}
    </>
  );
}

function columnsOf(onEdit: (user: User) => void): Column<User>[] {
  return [
    { title: TEXTS.user, cell: (user) => <Name user={user} /> },
    { title: TEXTS.role, cell: ({ role }) => ROLE_WORDS[role].title },
    {
      title: TEXTS.state,
      cell: ({ disabled_at }) => (
        <ToneBadge
          title={disabled_at === null ? TEXTS.enabled : TEXTS.disabled}
          tone={disabled_at === null ? "ok" : "quiet"}
        />
      ),
    },
    { title: TEXTS.created, cell: ({ created_at }) => <Time at={created_at} /> },
    {
      title: TEXTS.actions,
      isActions: true,
      cell: (user) => <UserMenu user={user} onEdit={() => onEdit(user)} />,
    },
  ];
}

function Name({ user }: { user: User }) {
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar
        name={user.display_name}
        size={34}
        color={user.disabled_at === null ? "gate" : "gray"}
        aria-hidden="true"
      />
      <div>
        <Text fz="sm" fw={560}>
          {user.display_name}
        </Text>
        <Text fz="xs" c="dimmed">
          {user.username}
        </Text>
      </div>
    </Group>
  );
}

function UserMenu({ user, onEdit }: { user: User; onEdit: () => void }) {
  const me = useMe();
  const queries = useQueryClient();
  const disabled = user.disabled_at !== null;
  const change = useMutation({
    mutationFn: () =>
      unwrap(
        client.PATCH("/api/users/{user_id}", {
          params: { path: { user_id: user.id } },
          body: { disabled: !disabled },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersQuery.queryKey }),
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={TEXTS.manage(user.username)}>
          <Ellipsis size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onEdit}>{TEXTS.editNamed}</Menu.Item>
        <Menu.Item
          {...(disabled ? {} : { color: "red" })}
          disabled={user.id === me.id}
          onClick={() => change.mutate()}
        >
          {disabled ? TEXTS.enable : TEXTS.disable}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
