/** Tries all failed stages again, as after an upgrade that fixed what failed. */
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { client, unwrap } from "../../api/client";
import { useMay } from "../../api/me";
import { errorText } from "../../elements/ErrorNotice";
import { TEXTS } from "./texts";

export function RetryFailedButton() {
  const may = useMay();
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => unwrap(client.POST("/api/recordings/retry", { body: {} })),
    onSuccess: async ({ recording_count: count }) => {
      notifications.show({ message: TEXTS.retrying(count) });
      await queries.invalidateQueries();
    },
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
  if (!may("stage.retry")) return null;
  return (
    <Button
      mt="sm"
      size="xs"
      variant="light"
      leftSection={<RotateCcw size={14} />}
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      {TEXTS.retryAllFailed}
    </Button>
  );
}
