/** The end of a list: loads the next page when it comes into view, or on press. */
import { Button, Center } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { useEffect } from "react";
import { TEXTS } from "./texts";

interface Props {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function MoreButton({ hasNextPage, isFetchingNextPage, fetchNextPage }: Props) {
  const { ref, entry } = useIntersection({ rootMargin: "200px" });
  const inView = entry?.isIntersecting ?? false;
  useEffect(() => {
    if (inView && hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [inView, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <Center py="md" ref={ref}>
      <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
        {TEXTS.showMore}
      </Button>
    </Center>
  );
}
