export interface components {
  schemas: {
    Me: {
      id: string;
      username: string;
      display_name: string;
      role: "operator" | "auditor" | "compliance" | "admin";
      actions: string[];
    };
    UserOut: {
      id: string;
      username: string;
      display_name: string;
      role: "operator" | "auditor" | "compliance" | "admin";
      created_at: string;
      disabled_at: string | null;
    };
    ParameterOut: {
      name: string;
      title: string;
      kind: "text" | "number" | "boolean" | "choice";
      choices: string[];
      default: string;
      help: string;
    };
    ProtocolOut: {
      name: string;
      title: string;
      default_port: number;
      parameters: components["schemas"]["ParameterOut"][];
    };
    TargetOut: {
      id: string;
      name: string;
      protocol: string;
      host: string | null;
      port: number | null;
      parameters: Record<string, string> | null;
      record_keys: boolean;
      created_at: string;
      credential: { username: string; updated_at: string } | null;
    };
    TicketOut: { ticket: string; expires_at: string; tunnel_path: string };
    SessionOut: {
      id: string;
      operator_name: string;
      target_id: string;
      target_name: string;
      protocol: string;
      state: "pending" | "active" | "closing" | "closed";
      close_reason: string | null;
      client_address: string;
      opened_at: string;
      closed_at: string | null;
      recording_id: string | null;
    };
    StageOut: {
      name: "seal" | "render" | "ocr" | "index" | "tier";
      state: "pending" | "running" | "done" | "failed";
      progress: number;
      attempt_count: number;
      error: string | null;
      started_at: string | null;
      finished_at: string | null;
      not_before_at: string | null;
    };
    RecordingSummary: {
      id: string;
      session_id: string | null;
      source: "live" | "imported";
      state: "open" | "sealed" | "archived" | "purged" | "broken";
      tier: "hot" | "archive";
      operator_name: string;
      target_name: string;
      protocol: string;
      started_at: string;
      closed_at: string | null;
      duration_ms: number | null;
      width: number | null;
      height: number | null;
      size_bytes: number | null;
      searchable_at: string | null;
      searchable_seconds: number | null;
      close_reason: string | null;
      stages: components["schemas"]["StageOut"][];
      has_video: boolean;
    };
    SegmentOut: { number: number; name: string; size_bytes: number; sha256: string };
    GapOut: { start_ms: number; end_ms: number | null; cause: string; detail: string };
    RenditionOut: { name: string; size_bytes: number; sha256: string; engine: string; created_at: string };
    ArchiveObjectOut: {
      name: string;
      key: string;
      version_id: string | null;
      size_bytes: number;
      sha256: string;
      verified_at: string | null;
    };
    RecordingOut: components["schemas"]["RecordingSummary"] & {
      digest: string | null;
      segments: components["schemas"]["SegmentOut"][];
      gaps: components["schemas"]["GapOut"][];
      renditions: components["schemas"]["RenditionOut"][];
      archive: components["schemas"]["ArchiveObjectOut"][];
      facts: Record<string, unknown>;
      keys_recorded: boolean;
      archived_at: string | null;
      hot_until_at: string | null;
    };
    Stretch: { start_ms: number; end_ms: number };
    TimelineOut: {
      duration_ms: number;
      idle: components["schemas"]["Stretch"][];
      gaps: components["schemas"]["GapOut"][];
      keyframes: number[];
      activity: number[];
    };
    SpanOut: {
      id: number;
      source: "screen" | "keys" | "clipboard" | "file";
      text: string;
      start_ms: number;
      end_ms: number;
      x: number;
      y: number;
      width: number;
      height: number;
      confidence: number;
      words: unknown[];
    };
    Box: { x: number; y: number; width: number; height: number };
    SnippetPart: { text: string; marked: boolean };
    HitOut: {
      recording_id: string;
      span_id: number;
      offset_ms: number;
      end_ms: number;
      text: string;
      snippet: components["schemas"]["SnippetPart"][];
      box: components["schemas"]["Box"];
      boxes: components["schemas"]["Box"][];
      source: "screen" | "keys" | "clipboard" | "file";
      confidence: number;
      operator_name: string;
      target_name: string;
      protocol: string;
      at: string;
      width: number | null;
      height: number | null;
    };
    HitPage: {
      items: components["schemas"]["HitOut"][];
      next_cursor: string | null;
      recordings_searched: number;
      message: string | null;
    };
    AuditEventOut: {
      id: number;
      at: string;
      tag: string;
      actor_id: string | null;
      actor_name: string;
      address: string;
      subject_id: string | null;
      details: Record<string, unknown>;
      hash: string;
    };
    SystemOut: {
      status: "ok" | "degraded";
      gateway_id: string;
      live_sessions: number;
      checks: { name: string; ok: boolean; detail: string }[];
      children: { name: string; state: string; restarts: number }[];
      recordings: Record<string, number>;
      backlog: { stage: string; state: string; count: number }[];
      searchable_seconds: number | null;
    };
    CredentialIn: { username: string; secret: string };
    TargetNew: {
      name: string;
      protocol: string;
      host: string;
      port: number;
      parameters: Record<string, string>;
      record_keys: boolean;
      credential?: components["schemas"]["CredentialIn"] | null;
    };
    TargetChange: {
      name?: string;
      host?: string;
      port?: number;
      parameters?: Record<string, string>;
      record_keys?: boolean;
    };
    UserNew: {
      username: string;
      display_name: string;
      role: "operator" | "auditor" | "compliance" | "admin";
      password: string;
    };
    UserChange: {
      display_name?: string;
      role?: "operator" | "auditor" | "compliance" | "admin" | null;
      password?: string;
      disabled?: boolean;
    };
  };
}
type S = components["schemas"];
type Page<T> = { items: T[]; next_cursor: string | null };
type Failure = { default: { content: { "application/json": { detail: string } } } };
type In<P> = [P] extends [never] ? { path?: never } : { path: P };
type Get<R, Q = never, P = never> = {
  parameters: { query?: Q } & In<P>;
  responses: { 200: { content: { "application/json": R } } } & Failure;
};
type Send<B, R, P = never> = {
  parameters: In<P>;
  requestBody: { content: { "application/json": B } };
  responses: { 200: { content: { "application/json": R } } } & Failure;
};
type Bare<R, P = never> = {
  parameters: In<P>;
  responses: { 200: { content: { "application/json": R } } } & Failure;
};
type Id<K extends string> = Record<K, string>;
type Paging = { limit?: number; cursor?: string };
export interface paths {
  "/api/auth/sign-in": { post: Send<{ username: string; password: string }, S["Me"]> };
  "/api/auth/sign-out": { post: Bare<undefined> };
  "/api/auth/me": { get: Get<S["Me"]> };
  "/api/users": { get: Get<{ items: S["UserOut"][] }>; post: Send<S["UserNew"], S["UserOut"]> };
  "/api/users/{user_id}": { patch: Send<S["UserChange"], S["UserOut"], Id<"user_id">> };
  "/api/protocols": { get: Get<{ items: S["ProtocolOut"][] }> };
  "/api/targets": { get: Get<{ items: S["TargetOut"][] }>; post: Send<S["TargetNew"], S["TargetOut"]> };
  "/api/targets/{target_id}": {
    get: Get<S["TargetOut"], never, Id<"target_id">>;
    patch: Send<S["TargetChange"], S["TargetOut"], Id<"target_id">>;
    delete: Bare<undefined, Id<"target_id">>;
  };
  "/api/targets/{target_id}/credential": {
    put: Send<S["CredentialIn"], unknown, Id<"target_id">>;
    delete: Bare<undefined, Id<"target_id">>;
  };
  "/api/targets/{target_id}/tickets": { post: Bare<S["TicketOut"], Id<"target_id">> };
  "/api/sessions": { get: Get<Page<S["SessionOut"]>, Paging> };
  "/api/recordings": {
    get: Get<
      Page<S["RecordingSummary"]>,
      Paging & { operator?: string; target?: string; before?: string; after?: string; state?: string }
    >;
  };
  "/api/recordings/{recording_id}": { get: Get<S["RecordingOut"], never, Id<"recording_id">> };
  "/api/recordings/{recording_id}/timeline": { get: Get<S["TimelineOut"], never, Id<"recording_id">> };
  "/api/recordings/{recording_id}/spans": {
    get: Get<Page<S["SpanOut"]>, Paging & { from_ms?: number; to_ms?: number }, Id<"recording_id">>;
  };
  "/api/recordings/{recording_id}/stages/{name}/retry": {
    post: Bare<S["StageOut"], { recording_id: string; name: string }>;
  };
  "/api/search": { get: Get<S["HitPage"], Paging & { q: string; recording_id?: string }> };
  "/api/audit": {
    get: Get<Page<S["AuditEventOut"]>, Paging & { tag?: string; actor?: string; subject_id?: string }>;
  };
  "/api/system": { get: Get<S["SystemOut"]> };
}
