import { ActionIcon, Avatar, Button, Group, Menu, Paper, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, UserPlus, Users } from "lucide-react";
import { useState } from "react";
import { client, unwrap } from "../../api/client";
import { usersQuery } from "../../api/queries";
import type { User } from "../../api/types";
import { useMe } from "../../app/auth";
import { EmptyState } from "../../app/elements/EmptyState";
import { ErrorNotice, errorText } from "../../app/elements/ErrorNotice";
import { RowsLoading } from "../../app/elements/Loading";
import { PageHeader } from "../../app/elements/PageHeader";
import { ToneBadge } from "../../app/elements/StateBadge";
import { Time } from "../../app/elements/Time";
import { ROLE_WORDS } from "../../app/format/words";
import { LockoutsPanel } from "./LockoutsPanel";
import { UserModal } from "./UserModal";

export function UsersPage() {
  const { data, isPending, error, refetch } = useQuery(usersQuery);
  const [open, setOpen] = useState<{ user: User | null } | null>(null);
  return (
    <>
      <PageHeader title="Users" lead="Local accounts and their roles.">
        <Button leftSection={<UserPlus size={16} />} onClick={() => setOpen({ user: null })}>
          New user
        </Button>
      </PageHeader>
      {isPending && <RowsLoading />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data?.items.length === 0 && <EmptyState icon={Users} title="No users yet" />}
      {data && data.items.length > 0 && (
        <Paper>
          <Table.ScrollContainer minWidth={640}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>User</Table.Th>
                  <Table.Th>Role</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Created</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.items.map((user) => (
                  <UserRow key={user.id} user={user} onEdit={() => setOpen({ user })} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
      <LockoutsPanel />
      {open && <UserModal user={open.user} onClose={() => setOpen(null)} />}
    </>
  );
}

function UserRow({ user, onEdit }: { user: User; onEdit: () => void }) {
  const disabled = user.disabled_at !== null;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Avatar name={user.display_name} size={34} color={disabled ? "gray" : "gate"} />
          <div>
            <Text fz="sm" fw={560}>
              {user.display_name}
            </Text>
            <Text fz="xs" c="dimmed">
              {user.username}
            </Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td>{ROLE_WORDS[user.role].title}</Table.Td>
      <Table.Td>
        <ToneBadge title={disabled ? "Disabled" : "Enabled"} tone={disabled ? "quiet" : "ok"} />
      </Table.Td>
      <Table.Td>
        <Time at={user.created_at} />
      </Table.Td>
      <Table.Td ta="right">
        <UserMenu user={user} onEdit={onEdit} />
      </Table.Td>
    </Table.Tr>
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
        <ActionIcon variant="subtle" color="gray" aria-label={`Manage ${user.username}`}>
          <Ellipsis size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onEdit}>Edit</Menu.Item>
        <Menu.Item
          {...(disabled ? {} : { color: "red" })}
          disabled={user.id === me.id}
          onClick={() => change.mutate()}
        >
          {disabled ? "Enable" : "Disable"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
