/** The one door to the gateway: a typed client, and errors that carry the server's own phrase. */
import createClient from "openapi-fetch";
import type { paths } from "./schema";

export const client = createClient<paths>({ baseUrl: window.location.origin, credentials: "same-origin" });

/** What the server refused, with its HTTP status; status 0 means that it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or an ApiError with the server's `detail`. */
export async function unwrap<T>(pending: Promise<Answer<T>>): Promise<T> {
  const answer = await pending.catch(() => {
    throw new ApiError(0, "the gateway cannot be reached");
  });
  if (!answer.response.ok) {
    throw new ApiError(answer.response.status, phraseOf(answer.error, answer.response.status));
  }
  return answer.data as T;
}

/** FastAPI says `detail` as a phrase, or as a list of `{loc, msg}` when a field is invalid. */
export function phraseOf(body: unknown, status: number): string {
  const detail = isRecord(body) ? body.detail : undefined;
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map(fieldPhrase).join("; ");
  return `the gateway answered with status ${status}`;
}

function fieldPhrase(entry: unknown): string {
  if (!isRecord(entry)) return "invalid value";
  const place = Array.isArray(entry.loc) ? entry.loc.filter((part) => part !== "body").join(".") : "";
  return place ? `${place}: ${String(entry.msg)}` : String(entry.msg);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
