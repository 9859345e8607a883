// @vitest-environment jsdom
import { useQuery } from "@tanstack/react-query";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../testing/page";
import { StaleNotice } from "./StaleNotice";

it("is shown while what a page shows could not be read again", async () => {
  const answers = [() => "first", fail, () => "second"];
  function Page() {
    const { data, refetch } = useQuery({
      queryKey: ["page"],
      queryFn: () => Promise.resolve().then(() => answers.shift()?.() ?? ""),
      retry: false,
    });
    return <button onClick={() => void refetch()}>{data}</button>;
  }
  show(
    <>
      <StaleNotice />
      <Page />
    </>,
  );
  const shown = await screen.findByText("first");
  expect(screen.queryByRole("status")).toBeNull();
  fireEvent.click(shown);
  expect((await screen.findByRole("status")).textContent).toContain("may be out of date");
  expect(screen.getByText("first")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("second");
  await waitFor(() => expect(screen.queryByRole("status")).toBeNull());
});

function fail(): never {
  throw new Error("the gateway does not answer");
}
