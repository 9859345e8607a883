/** What the pages of search read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { cursorOf, paging } from "../../api/paging";

/** Where text can come from: fields of a query. */
export const sourcesQuery = queryOptions({
  queryKey: ["search", "sources"],
  queryFn: () => unwrap(client.GET("/api/search/sources")),
  staleTime: Infinity,
});

export function searchQuery(q: string, recordingId?: string) {
  return infiniteQueryOptions({
    queryKey: ["search", q, recordingId ?? null],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/search", {
          params: {
            query: {
              q,
              limit: recordingId === undefined ? 24 : 200,
              ...(recordingId === undefined ? {} : { recording_id: recordingId }),
              ...cursorOf(pageParam),
            },
          },
        }),
      ),
    ...paging,
    enabled: q.trim() !== "",
  });
}

/** The same hits, one item a recording. */
export function sessionSearchQuery(q: string) {
  return infiniteQueryOptions({
    queryKey: ["search", "recordings", q],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/search/recordings", {
          params: { query: { q, limit: 24, ...cursorOf(pageParam) } },
        }),
      ),
    ...paging,
    enabled: q.trim() !== "",
  });
}
