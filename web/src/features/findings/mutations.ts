/** What is done to findings and watch terms. */
import { notifications } from "@mantine/notifications";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { watchTermsQuery } from "../watch_terms/queries";
import type { Finding, FindingsReview, Page, WatchTermPatch } from "../../api/types";
import { errorText } from "../../elements/ErrorNotice";
import { replaced } from "./pages";

function useTermMutation<Input>(work: (input: Input) => Promise<unknown>, done: string, onDone?: () => void) {
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
    "Watch term created",
    onDone,
  );
}

export function useChangeTerm(termId: string, onDone?: () => void) {
  const params = { path: { watch_term_id: termId } };
  return useTermMutation(
    (body: WatchTermPatch) => unwrap(client.PATCH("/api/watch_terms/{watch_term_id}", { params, body })),
    "Watch term changed",
    onDone,
  );
}

export function useRunBacklog(termId: string) {
  const params = { path: { watch_term_id: termId } };
  return useTermMutation(
    () => unwrap(client.POST("/api/watch_terms/{watch_term_id}/backlog", { params })),
    "Looking through all recordings",
  );
}

const MOST_AT_ONCE = 200; // findings the API takes

/** Reviewed findings stay where they are in the list, so that a slip of the hand can be put right. */
export function useReview() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: FindingsReview) => {
      const items: Finding[] = [];
      for (let at = 0; at < body.finding_ids.length; at += MOST_AT_ONCE) {
        const finding_ids = body.finding_ids.slice(at, at + MOST_AT_ONCE);
        const answer = await unwrap(client.POST("/api/findings/review", { body: { ...body, finding_ids } }));
        items.push(...answer.items);
      }
      return items;
    },
    onSuccess: (items) => {
      queries.setQueriesData<InfiniteData<Page<Finding>>>({ queryKey: ["findings"] }, (data) =>
        data === undefined ? data : { ...data, pages: items.reduce(replaced, data.pages) },
      );
      return queries.invalidateQueries({ queryKey: watchTermsQuery.queryKey });
    },
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
}
