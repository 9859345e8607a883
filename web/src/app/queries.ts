/** The cache of what was read; a 401 anywhere means that the sign-in has ended. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../format/apiError";
import { meQuery } from "../api/me";

// The gateway may be on this machine or in a network of its own: whether the browser thinks that it is online says nothing,
// and requests that wait for that would look as if the gateway did not answer.
const networkMode = "always";
const RETRY_COUNT = 2; // a refusal is final; only an unreachable or failing gateway is asked again

function onError(error: Error): void {
  if (error instanceof ApiError && error.status === 401 && queries.getQueryData(meQuery.queryKey)) {
    queries.setQueryData(meQuery.queryKey, null);
  }
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    mutations: { networkMode },
    queries: {
      networkMode,
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < RETRY_COUNT && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});
