/** What the pages of custody read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { cursorOf, paging } from "../../api/paging";
import type { CustodyKind } from "../../api/types";

export interface CustodyFilter {
  kind?: CustodyKind[];
  actor_name?: string;
}

/** What concerns one recording, newest first. Not asked again by itself: each viewing is an event. */
export function custodyQuery(recordingId: string, filter: CustodyFilter) {
  return infiniteQueryOptions({
    queryKey: ["recordings", "custody", recordingId, filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/recordings/{recording_id}/custody", {
          params: {
            path: { recording_id: recordingId },
            query: { limit: 100, ...filter, ...cursorOf(pageParam) },
          },
        }),
      ),
    ...paging,
    placeholderData: keepPreviousData,
  });
}

/** A chain of custody as a file; each download is an event of the trail. */
export function custodyAddress(recordingId: string, as: "csv" | "json", filter: CustodyFilter): string {
  const query = new URLSearchParams({ as });
  for (const kind of filter.kind ?? []) query.append("kind", kind);
  if (filter.actor_name !== undefined) query.set("actor_name", filter.actor_name);
  return `/api/recordings/${encodeURIComponent(recordingId)}/custody/file?${query}`;
}
