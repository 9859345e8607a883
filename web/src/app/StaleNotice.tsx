/** Says that what a page shows could not be read again: it stays, and may be out of date. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { notifyManager, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { CloudOff } from "lucide-react";
import { useCallback, useSyncExternalStore } from "react";
import { TEXTS } from "./texts";

export function StaleNotice() {
  const client = useQueryClient();
  const subscribe = useCallback(
    (onChange: () => void) => client.getQueryCache().subscribe(notifyManager.batchCalls(onChange)),
    [client],
  );
  const isStale = useSyncExternalStore(subscribe, () => failed(client).length > 0);
  if (!isStale) return null;
  const again = () => failed(client).map((query) => query.fetch());
  return (
    <Alert color="yellow" variant="light" mb="md" role="status" icon={<CloudOff size={18} />}>
      <Group justify="space-between">
        <Text fz="sm">{TEXTS.notRefreshed}</Text>
        <Button size="xs" variant="default" onClick={() => void Promise.allSettled(again())}>
          {TEXTS.tryAgain}
        </Button>
      </Group>
    </Alert>
  );
}

/** Reads of this page that failed after they had succeeded once. */
function failed(client: QueryClient) {
  return client
    .getQueryCache()
    .findAll({ type: "active" })
    .filter(({ state }) => state.status === "error" && state.data !== undefined);
}
