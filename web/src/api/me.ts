/** Who is signed in. */
import { queryOptions } from "@tanstack/react-query";
import { ApiError, client, unwrap } from "./client";
import type { Me } from "./types";

/** Who is signed in, or null for nobody (401 is an answer here, not an error). */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: (): Promise<Me | null> =>
    unwrap(client.GET("/api/auth/me")).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }),
  staleTime: 60_000,
});
