/** What the pages of sessions read. Keys begin with the API resource's name. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { cursorOf, paging } from "../../api/paging";
import { CALM_POLL_MS } from "../../api/polling";

export const sessionsQuery = infiniteQueryOptions({
  queryKey: ["sessions"],
  queryFn: ({ pageParam }) =>
    unwrap(client.GET("/api/sessions", { params: { query: { limit: 50, ...cursorOf(pageParam) } } })),
  ...paging,
  refetchInterval: CALM_POLL_MS,
});
