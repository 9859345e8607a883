/** Mutations that change what is kept and for how long. */
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** After any of these, dates, marks and what stands against a purge may be others. */
export function useRetentionMutation<Input>(
  work: (input: Input) => Promise<unknown>,
  done: string,
  onDone: () => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async () => {
      await Promise.all(
        ["retention_policies", "purges", "holds", "recordings"].map((key) =>
          queries.invalidateQueries({ queryKey: [key] }),
        ),
      );
      notifications.show({ message: done });
      onDone();
    },
  });
}
