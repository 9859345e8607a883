/** What the pages of audit read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { cursorOf, paging } from "../../api/paging";
import { CALM_POLL_MS, LIVE_POLL_MS, isUnfinished } from "../../api/polling";
import type { AuditTag } from "../../api/types";

export interface AuditFilter {
  tag?: AuditTag[];
  actor?: string;
  subject_id?: string;
  text?: string;
  after?: string;
  before?: string;
}

export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/audit", { params: { query: { limit: 100, ...filter, ...cursorOf(pageParam) } } }),
      ),
    ...paging,
    placeholderData: keepPreviousData,
  });
}

/** How far the trail's chain is known to be sound. */
export const trailQuery = queryOptions({
  queryKey: ["audit", "trail"],
  queryFn: () => unwrap(client.GET("/api/audit/trail")),
  refetchInterval: (query) => (isUnfinished(query.state.data?.task) ? LIVE_POLL_MS : CALM_POLL_MS),
});
