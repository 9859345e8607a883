/** What jsdom lacks and the pages ask of a browser, and a network that a test answers. */
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

interface Answered {
  status?: number;
  body?: unknown;
}
export type Answer = (request: Request) => Answered | Promise<Answered>;

let answer: Answer = (request) => {
  throw new Error(`no test answers ${request.method} ${request.url}`);
};

/** Requests from now on are answered so. */
export function answering(next: Answer): void {
  answer = next;
}

vi.stubGlobal("fetch", async (request: Request) => {
  const { status = 200, body = null } = await answer(request);
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
});

if (typeof window !== "undefined") {
  vi.stubGlobal("matchMedia", (media: string) => ({
    media,
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  Object.defineProperty(document, "fonts", { value: new EventTarget() });
  Element.prototype.setPointerCapture = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
  afterEach(cleanup);
}
