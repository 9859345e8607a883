// @vitest-environment jsdom
import { useInfiniteQuery } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { searchQuery } from "./queries";
import { useHits } from "./useHits";

function Count() {
  const hits = useHits("r1", "root");
  const { isFetchNextPageError } = useInfiniteQuery(searchQuery("root", "r1"));
  return (
    <p>
      {hits.length} hits{isFetchNextPageError && ", and a page that failed"}
    </p>
  );
}

it("asks once for a page that is refused, and keeps the hits before it", async () => {
  const asked: string[] = [];
  answering(({ url }) => {
    asked.push(url);
    if (url.includes("cursor=")) return { status: 422, body: { detail: "not a cursor" } };
    return { body: { items: [{ offset_ms: 5 }], next_cursor: "next" } };
  });
  show(<Count />);
  expect(await screen.findByText("1 hits, and a page that failed")).toBeDefined();
  await act(() => Promise.resolve());
  expect(asked).toHaveLength(2);
});
