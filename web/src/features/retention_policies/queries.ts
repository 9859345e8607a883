/** What the pages of retention read. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { Page, PurgeState } from "../../api/types";

const POLL_MS = 15_000;

export const policiesQuery = queryOptions({
  queryKey: ["retention_policies"],
  queryFn: () => unwrap(client.GET("/api/retention_policies")),
});

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
    refetchInterval: POLL_MS,
  });
}

/** What keeps a recording and what would purge it. */
export function standingQuery(recordingId: string) {
  return queryOptions({
    queryKey: ["recordings", "retention", recordingId],
    queryFn: () =>
      unwrap(
        client.GET("/api/recordings/{recording_id}/retention", {
          params: { path: { recording_id: recordingId } },
        }),
      ),
    refetchInterval: POLL_MS,
  });
}

export function certificateAddress(purgeId: string): string {
  return `/api/purges/${encodeURIComponent(purgeId)}/certificate`;
}
