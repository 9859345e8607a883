/** What the pages of watch terms read. Keys begin with the API resource's name. */
import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { CALM_POLL_MS, LIVE_POLL_MS } from "../../api/polling";
import type { WatchTerm } from "../../api/types";

export const watchTermsQuery = queryOptions({
  queryKey: ["watch_terms"],
  queryFn: () => unwrap(client.GET("/api/watch_terms")),
  refetchInterval: (query) => (query.state.data?.items.some(isInBacklog) ? LIVE_POLL_MS : CALM_POLL_MS),
});

/** Whether a watch term's run over the recordings there were has yet to end. */
export function isInBacklog({ backlog }: Pick<WatchTerm, "backlog">): boolean {
  return backlog?.state === "pending" || backlog?.state === "running";
}
