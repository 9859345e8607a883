/** What the pages of recordings read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { cursorOf, paging } from "../../api/paging";
import { CALM_POLL_MS, LIVE_POLL_MS } from "../../api/polling";
import type { Recording, RecordingState, RecordingSummary } from "../../api/types";

export interface RecordingFilter {
  operator?: string;
  target?: string;
  before?: string;
  after?: string;
  state?: RecordingState;
  connected?: boolean;
}

export function recordingsQuery(filter: RecordingFilter) {
  return infiniteQueryOptions({
    queryKey: ["recordings", filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/recordings", {
          params: { query: { limit: 30, ...filter, ...cursorOf(pageParam) } },
        }),
      ),
    ...paging,
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(isInPipeline)) ? LIVE_POLL_MS : CALM_POLL_MS,
  });
}

export function recordingQuery(recordingId: string) {
  return queryOptions({
    queryKey: ["recordings", "one", recordingId],
    queryFn: () =>
      unwrap(
        client.GET("/api/recordings/{recording_id}", { params: { path: { recording_id: recordingId } } }),
      ),
    refetchInterval: (query) =>
      query.state.data && (isInPipeline(query.state.data) || isBeingRestored(query.state.data))
        ? LIVE_POLL_MS
        : false,
  });
}

/** Whether a recording still changes: being written, or with a stage that has not ended. */
export function isInPipeline(recording: Pick<RecordingSummary, "state" | "stages">): boolean {
  return (
    recording.state === "open" ||
    recording.stages.some((stage) => stage.state === "pending" || stage.state === "running")
  );
}

/** Whether a restore was asked for that has yet to end. */
export function isBeingRestored({ restore }: Pick<Recording, "restore">): boolean {
  return restore?.state === "pending" || restore?.state === "running";
}

/** What verifying a recording found; asked for often while an task is under way. */
export function verificationsQuery(recordingId: string) {
  return queryOptions({
    queryKey: ["recordings", recordingId, "verifications"],
    queryFn: () =>
      unwrap(
        client.GET("/api/recordings/{recording_id}/verifications", {
          params: { path: { recording_id: recordingId } },
        }),
      ),
    refetchInterval: (query) => (query.state.data?.unfinished ? LIVE_POLL_MS : CALM_POLL_MS),
  });
}
