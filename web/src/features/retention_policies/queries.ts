/** What the pages of retention read. */
import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { CALM_POLL_MS } from "../../api/polling";

export const policiesQuery = queryOptions({
  queryKey: ["retention_policies"],
  queryFn: () => unwrap(client.GET("/api/retention_policies")),
});

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
    refetchInterval: CALM_POLL_MS,
  });
}
