/** What the pages of storage read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { cursorOf, paging } from "../../api/paging";
import { CALM_POLL_MS, LIVE_POLL_MS, isUnfinished } from "../../api/polling";
import type { DiscrepancyKind } from "../../api/types";

export const storageQuery = queryOptions({
  queryKey: ["storage"],
  queryFn: () => unwrap(client.GET("/api/storage")),
  refetchInterval: (query) => (isUnfinished(query.state.data?.running) ? LIVE_POLL_MS : CALM_POLL_MS),
});

export interface DiscrepancyFilter {
  only_open: boolean;
  kind?: DiscrepancyKind;
}

export function discrepanciesQuery(filter: DiscrepancyFilter) {
  return infiniteQueryOptions({
    queryKey: ["storage", "discrepancies", filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/storage/discrepancies", {
          params: { query: { limit: 50, ...filter, ...cursorOf(pageParam) } },
        }),
      ),
    ...paging,
    placeholderData: keepPreviousData,
    refetchInterval: CALM_POLL_MS,
  });
}
