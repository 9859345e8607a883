// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { MoreButton } from "./MoreButton";

beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(private readonly tell: (entries: { isIntersecting: boolean }[]) => void) {}
      observe(): void {
        this.tell([{ isIntersecting: true }]);
      }
      disconnect(): void {}
    },
  );
});

function shown(isFetchNextPageError: boolean) {
  const fetchNextPage = vi.fn();
  const paging = { hasNextPage: true, isFetchingNextPage: false, isFetchNextPageError, fetchNextPage };
  render(
    <MantineProvider env="test">
      <MoreButton {...paging} />
    </MantineProvider>,
  );
  return fetchNextPage;
}

it("loads the next page when it comes into view", async () => {
  const fetchNextPage = shown(false);
  await waitFor(() => expect(fetchNextPage).toHaveBeenCalledOnce());
});

it("loads a page that failed on press alone", () => {
  const fetchNextPage = shown(true);
  expect(fetchNextPage).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  expect(fetchNextPage).toHaveBeenCalledOnce();
});
