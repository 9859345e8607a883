/** Who is signed in. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import type { Me, Action } from "./types";
import { ApiError } from "../format/apiError";
import { useCallback } from "react";
import { TEXTS } from "./texts";

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

/** The signed-in user. Only below RequireSignIn. */
export function useMe(): Me {
  const { data } = useSuspenseQuery(meQuery);
  if (data === null) throw new Error(TEXTS.nobodyIsSignedIn);
  return data;
}

export function useMay(): (action: Action) => boolean {
  const { actions } = useMe();
  return useCallback((action) => actions.includes(action), [actions]);
}
