/** What the pages of exports read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { cursorOf, paging } from "../../api/paging";
import { CALM_POLL_MS, LIVE_POLL_MS } from "../../api/polling";
import type { Export, Page } from "../../api/types";

/** Exports of a recording, or of all (null); asked again quickly while one is being made. */
export function exportsQuery(recordingId: string | null) {
  return infiniteQueryOptions({
    queryKey: ["exports", recordingId],
    queryFn: ({ pageParam }): Promise<Page<Export>> => {
      const query = { limit: 20, ...cursorOf(pageParam) };
      if (recordingId === null) return unwrap(client.GET("/api/exports", { params: { query } }));
      const params = { path: { recording_id: recordingId }, query };
      return unwrap(client.GET("/api/recordings/{recording_id}/exports", { params }));
    },
    ...paging,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(isBeingMade)) ? LIVE_POLL_MS : CALM_POLL_MS,
  });
}

export function isBeingMade({ state }: Pick<Export, "state">): boolean {
  return state === "pending" || state === "running";
}

/** What a link is for; for a person without an account. */
export function linkQuery(secret: string) {
  return queryOptions({
    queryKey: ["export_links", secret],
    queryFn: () => unwrap(client.POST("/api/export_links/describe", { body: { secret } })),
  });
}

export function exportAddress(exportId: string): string {
  return `/api/exports/${encodeURIComponent(exportId)}/file`;
}
