/** The end of a list: loads the next page when it comes into view, or on press; after an error on press alone. */
import { Button, Center } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { useEffect } from "react";
import { TEXTS } from "./texts";

interface Props {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
}

export function MoreButton({ hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage }: Props) {
  const { ref, entry } = useIntersection({ rootMargin: "200px" });
  const inView = entry?.isIntersecting ?? false;
  useEffect(() => {
    if (inView && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) fetchNextPage();
  }, [inView, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <Center py="md" ref={ref}>
      <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
        {TEXTS.showMore}
      </Button>
    </Center>
  );
}
