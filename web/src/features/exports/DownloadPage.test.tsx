// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { DownloadPage } from "./DownloadPage";

function linked(left: number) {
  return {
    problem: null,
    kind: "bundle",
    name: "evidence.zip",
    size_bytes: 1000,
    sha256: "ab",
    recipient: "The court",
    expires_at: "2026-12-24T00:00:00Z",
    uses_left: left,
  };
}

it("counts again once a download has begun", async () => {
  let left = 3;
  let asked = 0;
  answering(() => {
    asked += 1;
    return { body: linked(left) };
  });
  const { container } = show(<DownloadPage />, { address: "/download#secret" });
  expect((await screen.findByText("Downloads left")).nextSibling?.textContent).toBe("3");
  left = 2;
  fireEvent.submit(container.querySelector("form") as HTMLFormElement);
  const counted = () => expect(screen.getByText("Downloads left").nextSibling?.textContent).toBe("2");
  await waitFor(counted, { timeout: 5000 });
  const before = asked;
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(asked).toBe(before); // and then stops
}, 15_000);
