/** Paging as the API does it. */
import type { Page } from "./types";

/** Paging as the API does it: the next page's parameter is the cursor the last one gave. */
export const paging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Page<unknown>) => last.next_cursor ?? undefined,
};

export function cursorOf(pageParam: string | undefined): { cursor?: string } {
  return pageParam === undefined ? {} : { cursor: pageParam };
}
