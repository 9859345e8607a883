/** All hits of a query in one recording. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Hit } from "../../api/types";
import { searchQuery } from "./queries";

/** All hits of the query in this recording, ordered by time; those before a page that could not be read. */
export function useHits(recordingId: string, query: string): readonly Hit[] {
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = useInfiniteQuery(
    searchQuery(query, recordingId),
  );
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  return useMemo(
    () => (data?.pages ?? []).flatMap((page) => page.items).toSorted((a, b) => a.offset_ms - b.offset_ms),
    [data],
  );
}
