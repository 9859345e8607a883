/** What is done to watch terms. */
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { watchTermsQuery } from "./queries";
import type { WatchTermPatch } from "../../api/types";
import { TEXTS } from "./texts";

export function useTermMutation<Input>(
  work: (input: Input) => Promise<unknown>,
  done: string,
  onDone?: () => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: watchTermsQuery.queryKey });
      notifications.show({ message: done });
      onDone?.();
    },
  });
}

export function useCreateTerm(onDone: () => void) {
  return useTermMutation(
    (body: { name: string; query: string; backlog: boolean }) =>
      unwrap(client.POST("/api/watch_terms", { body })),
    TEXTS.watchTermCreated,
    onDone,
  );
}

export function useChangeTerm(termId: string, onDone?: () => void) {
  const params = { path: { watch_term_id: termId } };
  return useTermMutation(
    (body: WatchTermPatch) => unwrap(client.PATCH("/api/watch_terms/{watch_term_id}", { params, body })),
    TEXTS.watchTermChanged,
    onDone,
  );
}

export function useRunBacklog(termId: string) {
  const params = { path: { watch_term_id: termId } };
  return useTermMutation(
    () => unwrap(client.POST("/api/watch_terms/{watch_term_id}/backlog", { params })),
    TEXTS.runningOverAll,
  );
}
