/** What the player reads. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../api/client";

export function timelineQuery(recordingId: string) {
  return queryOptions({
    queryKey: ["recordings", "timeline", recordingId],
    queryFn: () =>
      unwrap(
        client.GET("/api/recordings/{recording_id}/timeline", {
          params: { path: { recording_id: recordingId } },
        }),
      ),
  });
}

/** Spans visible between two times, at most `limit` of them. */
export function spansQuery(recordingId: string, fromMs: number, toMs: number) {
  return queryOptions({
    queryKey: ["recordings", "spans", recordingId, fromMs, toMs],
    queryFn: () =>
      unwrap(
        client.GET("/api/recordings/{recording_id}/spans", {
          params: {
            path: { recording_id: recordingId },
            query: { from_ms: fromMs, to_ms: toMs, limit: 1000 },
          },
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
