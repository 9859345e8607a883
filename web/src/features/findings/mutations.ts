/** What is done to findings and watch terms. */
import { notifications } from "@mantine/notifications";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { watchTermsQuery } from "../watch_terms/queries";
import type { Finding, FindingReview, Page, WatchTermPatch } from "../../api/types";
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
    (body: { name: string; query: string }) => unwrap(client.POST("/api/watch_terms", { body })),
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

/** A reviewed finding stays where it is in the list, so that a slip of the hand can be put right. */
export function useReview(findingId: string) {
  const queries = useQueryClient();
  const params = { path: { finding_id: findingId } };
  return useMutation({
    mutationFn: (body: FindingReview) => unwrap(client.PATCH("/api/findings/{finding_id}", { params, body })),
    onSuccess: (finding) => {
      queries.setQueriesData<InfiniteData<Page<Finding>>>({ queryKey: ["findings"] }, (data) =>
        data === undefined ? data : { ...data, pages: replaced(data.pages, finding) },
      );
      return queries.invalidateQueries({ queryKey: watchTermsQuery.queryKey });
    },
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
}
