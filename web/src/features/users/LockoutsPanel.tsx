import { Button, Paper, Table, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { lockoutsQuery } from "./queries";
import type { Lockout } from "../../api/types";
import { ErrorNotice, errorText } from "../../elements/ErrorNotice";
import { Time } from "../../elements/Time";
import { lockoutWords } from "./lockouts";

/** Sign-ins refused for too many failed tries. Nothing is shown while there are none. */
export function LockoutsPanel() {
  const { data, error, refetch } = useQuery(lockoutsQuery);
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (!data || data.items.length === 0) return null;
  return (
    <Paper mt="lg" p="md" component="section" aria-labelledby="lockouts">
      <Title order={2} fz="md" id="lockouts">
        Locked sign-ins
      </Title>
      <Text fz="sm" c="dimmed" mb="sm">
        Too many failed attempts. Each lock ends by itself.
      </Text>
      <Table.ScrollContainer minWidth={560}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Locked</Table.Th>
              <Table.Th>Failed</Table.Th>
              <Table.Th>Refused</Table.Th>
              <Table.Th>Until</Table.Th>
              <Table.Th aria-label="Actions" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((lockout) => (
              <LockoutRow key={lockout.id} lockout={lockout} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function LockoutRow({ lockout }: { lockout: Lockout }) {
  const queries = useQueryClient();
  const lift = useMutation({
    mutationFn: () =>
      unwrap(
        client.DELETE("/api/users/lockouts/{lockout_id}", { params: { path: { lockout_id: lockout.id } } }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: lockoutsQuery.queryKey }),
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
  return (
    <Table.Tr>
      <Table.Td>{lockoutWords(lockout)}</Table.Td>
      <Table.Td>{lockout.failure_count}</Table.Td>
      <Table.Td>{lockout.refused_count}</Table.Td>
      <Table.Td>
        <Time at={lockout.until} />
      </Table.Td>
      <Table.Td ta="right">
        <Button size="xs" variant="default" loading={lift.isPending} onClick={() => lift.mutate()}>
          Unlock
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
