/** What the pages of targets read. Keys begin with the API resource's name. */
import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";

export const targetsQuery = queryOptions({
  queryKey: ["targets"],
  queryFn: () => unwrap(client.GET("/api/targets")),
});

export const protocolsQuery = queryOptions({
  queryKey: ["protocols"],
  queryFn: () => unwrap(client.GET("/api/protocols")),
  staleTime: Number.POSITIVE_INFINITY,
});
