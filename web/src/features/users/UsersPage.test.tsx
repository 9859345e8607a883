// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "../../testing/page";
import { type Answer, answering } from "../../testing/setup";
import { UsersPage } from "./UsersPage";

const ANN = {
  id: "1",
  username: "ann",
  display_name: "Ann Operator",
  role: "operator",
  disabled_at: null,
  created_at: "2026-03-01T12:00:00Z",
};

const LOCKOUT = {
  id: "7",
  scope: "name",
  username: "ann",
  address: null,
  failure_count: 12,
  refused_count: 3,
  until: "2026-03-01T12:15:00Z",
};

/** Answers the list of users so, and that of locked sign-ins with `lockouts`. */
function listing(users: ReturnType<Answer>, lockouts: unknown[] = []): void {
  answering(({ url }) => (url.endsWith("/lockouts") ? { body: { items: lockouts } } : users));
}

describe("the list of users", () => {
  it("says that it is loading", () => {
    listing({ body: { items: [] } });
    show(<UsersPage />, { actions: ["user.manage"] });
    expect(screen.getByRole("status", { name: "Loading" })).toBeDefined();
  });

  it("says that there is none", async () => {
    listing({ body: { items: [] } });
    show(<UsersPage />, { actions: ["user.manage"] });
    expect(await screen.findByRole("heading", { name: "No users yet" })).toBeDefined();
  });

  it("says what failed and offers another try", async () => {
    listing({ status: 503, body: { detail: "the database does not answer" } });
    show(<UsersPage />, { actions: ["user.manage"] });
    expect((await screen.findByRole("alert")).textContent).toContain("The database does not answer.");
    listing({ body: { items: [ANN] } });
    screen.getByRole("button", { name: "Try again" }).click();
    expect(await screen.findByText("Ann Operator")).toBeDefined();
  });

  it("is a table with a name for every column, on any screen", async () => {
    listing({ body: { items: [ANN] } });
    show(<UsersPage />, { actions: ["user.manage"] });
    const table = await screen.findByRole("table", { name: "Users" });
    const titles = within(table).getAllByRole("columnheader");
    expect(titles.map(({ textContent }) => textContent)).toEqual([
      "User",
      "Role",
      "State",
      "Created",
      "Actions",
    ]);
    expect(within(table).getByRole("button", { name: "Manage ann" })).toBeDefined();
  });

  it("shows who is locked out, and unlocks", async () => {
    listing({ body: { items: [ANN] } }, [LOCKOUT]);
    show(<UsersPage />, { actions: ["user.manage"] });
    const table = await screen.findByRole("table", { name: "Locked sign-ins" });
    expect(within(table).getByText("12")).toBeDefined();
    listing({ body: { items: [ANN] } });
    within(table).getByRole("button", { name: "Unlock" }).click();
    await waitFor(() => expect(screen.queryByRole("table", { name: "Locked sign-ins" })).toBeNull());
  });
});
