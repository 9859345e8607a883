/** The one door to the gateway: a typed client, and errors that carry the server's own phrase. */
import createClient from "openapi-fetch";
import { refusalText } from "../format/rules";
import type { paths } from "./schema";
import { ApiError } from "../format/apiError";
import { TEXTS } from "./texts";

export const client = createClient<paths>({ baseUrl: window.location.origin, credentials: "same-origin" });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or an ApiError with the server's `detail`. */
export async function unwrap<T>(pending: Promise<Answer<T>>): Promise<T> {
  const answer = await pending.catch(() => {
    throw new ApiError(0, TEXTS.gatewayCannotBeReached);
  });
  if (!answer.response.ok) {
    const { status } = answer.response;
    throw new ApiError(status, phraseOf(answer.error, status), fieldsOf(answer.error));
  }
  return answer.data as T;
}

/** FastAPI says `detail` as a phrase, or as a list of `{loc, msg}` when a field is invalid. */
export function phraseOf(body: unknown, status: number): string {
  const detail = isRecord(body) ? body.detail : undefined;
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map(fieldPhrase).join(" ");
  return TEXTS.gatewayAnsweredWithStatus(status);
}

/** What is wrong with each field, by its dotted name: `parameters.port`. */
export function fieldsOf(body: unknown): Record<string, string> {
  if (!isRecord(body)) return {};
  const { detail, field } = body;
  if (typeof field === "string") return { [field]: refusalText({ msg: detail }) };
  if (!Array.isArray(detail)) return {};
  const named = detail
    .filter(isRecord)
    .map((entry) => [placeOf(entry).join("."), refusalText(entry)] as const);
  return Object.fromEntries(named.filter(([name]) => name !== "").toReversed());
}

function fieldPhrase(entry: unknown): string {
  if (!isRecord(entry)) return TEXTS.notValid;
  const place = placeOf(entry).join(", ").replaceAll("_", " ");
  const text = refusalText(entry);
  return place ? `${place.charAt(0).toUpperCase()}${place.slice(1)}: ${text}` : text;
}

// Where a body stands, and not what a person filled in.
const WRAPPERS = new Set<unknown>(["body", "query", "policy"]);

function placeOf({ loc }: Record<string, unknown>): string[] {
  return Array.isArray(loc) ? loc.filter((part) => !WRAPPERS.has(part)).map(String) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
