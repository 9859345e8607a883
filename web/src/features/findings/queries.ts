/** What the pages of findings read. Keys begin with the API resource's name. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { cursorOf, paging } from "../../api/paging";
import type { Verdict } from "../../api/types";

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
