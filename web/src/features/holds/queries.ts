/** What the page of holds reads. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { Page } from "../../api/types";

export interface HoldFilter {
  active?: boolean;
  case_number?: string;
}

export function holdsQuery(filter: HoldFilter) {
  return infiniteQueryOptions({
    queryKey: ["holds", filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET("/api/holds", {
          params: {
            query: { limit: 50, ...filter, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<unknown>) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}
