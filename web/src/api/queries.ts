/** TanStack Query options of what the pages read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ApiError, client, unwrap } from "./client";
import type {
  AuditTag,
  CustodyKind,
  DiscrepancyKind,
  Export,
  Me,
  Order,
  Page,
  Recording,
  RecordingState,
  RecordingSummary,
  Verdict,
  WatchTerm,
} from "./types";

const LIVE_POLL_MS = 2_000; // a stage's progress is written about once a second
const CALM_POLL_MS = 15_000;

export interface RecordingFilter {
  operator?: string;
  target?: string;
  before?: string;
  after?: string;
  state?: RecordingState;
  connected?: boolean;
}

/** Who is signed in, or null for nobody (401 is an answer here, not an error). */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: (): Promise<Me | null> =>
    unwrap(client.GET("/api/auth/me")).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }),
  staleTime: 60_000,
});

export const targetsQuery = queryOptions({
  queryKey: ["targets"],
  queryFn: () => unwrap(client.GET("/api/targets")),
});

export const protocolsQuery = queryOptions({
  queryKey: ["protocols"],
  queryFn: () => unwrap(client.GET("/api/protocols")),
  staleTime: Number.POSITIVE_INFINITY,
});

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: () => unwrap(client.GET("/api/users")),
});

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: () => unwrap(client.GET("/api/system")),
  refetchInterval: 5_000,
});

/** Paging as the API does it: the next page's parameter is the cursor the last one gave. */
const paging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Page<unknown>) => last.next_cursor ?? undefined,
};

function cursorOf(pageParam: string | undefined): { cursor?: string } {
  return pageParam === undefined ? {} : { cursor: pageParam };
}

export const sessionsQuery = infiniteQueryOptions({
  queryKey: ["sessions"],
  queryFn: ({ pageParam }) =>
    unwrap(client.GET("/api/sessions", { params: { query: { limit: 50, ...cursorOf(pageParam) } } })),
  ...paging,
  refetchInterval: CALM_POLL_MS,
});

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

export const watchTermsQuery = queryOptions({
  queryKey: ["watch_terms"],
  queryFn: () => unwrap(client.GET("/api/watch_terms")),
  refetchInterval: (query) => (query.state.data?.items.some(isInBacklog) ? LIVE_POLL_MS : CALM_POLL_MS),
});

/** Whether a watch term's run over the recordings there were has yet to end. */
export function isInBacklog({ backlog }: Pick<WatchTerm, "backlog">): boolean {
  return backlog?.state === "pending" || backlog?.state === "running";
}

export interface FindingFilter {
  verdict?: Verdict;
  watch_term_id?: string;
  recording_id?: string;
  operator?: string;
  target?: string;
  after?: string;
  before?: string;
}

export function findingsQuery(filter: FindingFilter) {
  return infiniteQueryOptions({
    queryKey: ["findings", filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/findings", { params: { query: { limit: 30, ...filter, ...cursorOf(pageParam) } } }),
      ),
    ...paging,
    placeholderData: keepPreviousData,
  });
}

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
    queryFn: () => unwrap(client.POST("/api/export_links/look", { body: { secret } })),
  });
}

export function exportAddress(exportId: string): string {
  return `/api/exports/${encodeURIComponent(exportId)}/file`;
}

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
  refetchInterval: (query) => (isUnfinished(query.state.data?.order) ? LIVE_POLL_MS : CALM_POLL_MS),
});

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

export interface PlanInput {
  sessions: number;
  hours_per_day: number;
  hot_days?: number;
  retention_days?: number;
  protocol?: string;
}

export function capacityQuery(plan: PlanInput) {
  return queryOptions({
    queryKey: ["capacity", plan],
    queryFn: () => unwrap(client.GET("/api/capacity", { params: { query: plan } })),
    placeholderData: keepPreviousData,
  });
}

/** Whether work that was asked for is still to be done. */
export function isUnfinished(order: Order | null | undefined): boolean {
  return order?.state === "pending" || order?.state === "running";
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

export function frameAddress(recordingId: string, offsetMs: number, width: number): string {
  return `/api/recordings/${encodeURIComponent(recordingId)}/frame?offset_ms=${Math.max(0, Math.round(offsetMs))}&width=${width}`;
}

export function videoAddress(recordingId: string): string {
  return `/api/recordings/${encodeURIComponent(recordingId)}/video`;
}

export function originalAddress(recordingId: string): string {
  return `/api/recordings/${encodeURIComponent(recordingId)}/original`;
}

/** A chain of custody as a file; each download is an event of the trail. */
export function custodyAddress(recordingId: string, as: "csv" | "json", filter: CustodyFilter): string {
  const query = new URLSearchParams({ as });
  for (const kind of filter.kind ?? []) query.append("kind", kind);
  if (filter.actor_name !== undefined) query.set("actor_name", filter.actor_name);
  return `/api/recordings/${encodeURIComponent(recordingId)}/custody/file?${query}`;
}

/** What verifying a recording found; asked for often while an order is under way. */
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
