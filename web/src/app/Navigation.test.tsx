// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { Action } from "../api/types";
import { show } from "../testing/page";
import { answering } from "../testing/setup";
import { Navigation } from "./Navigation";

function linksOf(actions: Action[]): Record<string, string[]> {
  show(<Navigation onNavigate={() => undefined} />, { actions, address: "/targets" });
  const groups = screen.getAllByRole("group");
  return Object.fromEntries(
    groups.map((group) => [
      group.getAttribute("aria-label"),
      within(group)
        .getAllByRole("link")
        .map(({ textContent }) => textContent),
    ]),
  );
}

describe("the navigation", () => {
  beforeEach(() => answering(() => ({ body: { items: [] } })));

  it("offers an operator targets and sessions, under no heading", () => {
    expect(linksOf(["target.list", "target.open", "session.list_own"])).toEqual({
      Access: ["Targets", "Sessions"],
    });
    expect(screen.queryByText("Access")).toBeNull();
  });

  it("groups what an auditor may see", () => {
    expect(
      linksOf(["session.list", "recording.list", "recording.search", "finding.list", "audit.read"]),
    ).toEqual({
      Access: ["Sessions"],
      Evidence: ["Recordings", "Search", "Findings", "Watch terms"],
      System: ["Audit"],
    });
  });

  it("marks the page that is open", () => {
    linksOf(["target.list", "session.list"]);
    expect(screen.getByRole("link", { name: "Targets" }).getAttribute("aria-current")).toBe("page");
    expect(screen.getByRole("link", { name: "Sessions" }).getAttribute("aria-current")).toBeNull();
  });
});
