import { Button, Paper, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { lockoutsQuery } from "./queries";
import type { Lockout } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { ErrorNotice, errorText } from "../../elements/ErrorNotice";
import { Time } from "../../elements/Time";
import { lockoutWords } from "./lockouts";
import { TEXTS } from "./texts";

/** Sign-ins refused for too many failed attempts. Nothing is shown while there are none. */
export function LockoutsPanel() {
  const { data, error, refetch } = useQuery(lockoutsQuery);
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (!data || data.items.length === 0) return null;
  return (
    <Paper mt="lg" p="md" component="section" aria-labelledby="lockouts">
      <Title order={2} fz="md" id="lockouts">
        {TEXTS.lockedSignIns}
      </Title>
      <Text fz="sm" c="dimmed" mb="sm">
        {TEXTS.tooManyFailedAttempts}
      </Text>
      <DataTable label={TEXTS.lockedSignIns} columns={COLUMNS} rows={data.items} keyOf={({ id }) => id} />
    </Paper>
  );
}

const COLUMNS: readonly Column<Lockout>[] = [
  { title: TEXTS.locked, cell: lockoutWords },
  { title: TEXTS.failed, isNumber: true, cell: ({ failure_count }) => failure_count },
  { title: TEXTS.refused, isNumber: true, cell: ({ refused_count }) => refused_count },
  { title: TEXTS.until, cell: ({ until }) => <Time at={until} /> },
  { title: TEXTS.actions, isActions: true, cell: (lockout) => <Unlock lockout={lockout} /> },
];

function Unlock({ lockout }: { lockout: Lockout }) {
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
    <Button size="xs" variant="default" loading={lift.isPending} onClick={() => lift.mutate()}>
      {TEXTS.unlock}
    </Button>
  );
}
