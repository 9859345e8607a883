/** What the pages of system read. Keys begin with the API resource's name. */
import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: () => unwrap(client.GET("/api/system")),
  refetchInterval: 5_000,
});
