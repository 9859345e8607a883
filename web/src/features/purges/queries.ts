/** What the pages of purges read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { CALM_POLL_MS } from "../../api/polling";
import type { Page, PurgeState } from "../../api/types";

export function purgesQuery(state: PurgeState) {
  return infiniteQueryOptions({
    queryKey: ["purges", state],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/purges", {
          params: { query: { state, limit: 50, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<unknown>) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: CALM_POLL_MS,
  });
}

export function certificateAddress(purgeId: string): string {
  return `/api/purges/${encodeURIComponent(purgeId)}/certificate`;
}
