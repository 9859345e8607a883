// @vitest-environment jsdom
import { beforeEach, expect, it } from "vitest";
import { show } from "../../testing/page";
import { useRememberedList, wayBack } from "./cameFrom";

function Remembering() {
  useRememberedList();
  return null;
}

beforeEach(() => window.sessionStorage.clear());

it("leads back to the search one came from, as it was", () => {
  show(<Remembering />, { address: "/search?q=payments&after=2026-01-01" });
  show(<Remembering />, { address: "/recordings/abc?t=10" });
  expect(wayBack("payments")).toEqual({ to: "/search?q=payments&after=2026-01-01", title: "Search" });
});

it("leads to the query's search in a tab that was opened for it, else to all recordings", () => {
  expect(wayBack("a b")).toEqual({ to: "/search?q=a+b", title: "Search" });
  expect(wayBack("")).toEqual({ to: "/recordings", title: "Recordings" });
});

it("follows no address that is no list", () => {
  window.sessionStorage.setItem("reelgate-list", "//elsewhere.example/search");
  expect(wayBack("").to).toBe("/recordings");
});
