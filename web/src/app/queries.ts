/** The cache of what was read; a 401 anywhere means that the sign-in has ended. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../format/apiError";
import { meQuery } from "../api/me";

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
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < RETRY_COUNT && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});
