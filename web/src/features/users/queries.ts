/** What the pages of users read. Keys begin with the API resource's name. */
import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: () => unwrap(client.GET("/api/users")),
});

export const lockoutsQuery = queryOptions({
  queryKey: ["users", "lockouts"],
  queryFn: () => unwrap(client.GET("/api/users/lockouts")),
  refetchInterval: 30_000,
});
