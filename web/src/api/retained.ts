/** Mutations that change what is kept and for how long. */
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";

const CHANGED = ["retention_policies", "purges", "holds", "recordings"];

/**
 * After any of these, dates, marks and what stands against a purge may be others.
 *
 * It is done when the gateway says so. What the page shows is read again meanwhile: one slow read does not keep a form open.
 */
export function useRetentionMutation<Input>(
  work: (input: Input) => Promise<unknown>,
  done: string,
  onDone: () => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: () => {
      for (const key of CHANGED) void queries.invalidateQueries({ queryKey: [key] });
      notifications.show({ message: done });
      onDone();
    },
  });
}
