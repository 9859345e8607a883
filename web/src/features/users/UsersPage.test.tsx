// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { UsersPage } from "./UsersPage";

const ANN = {
  id: "1",
  username: "ann",
  display_name: "Ann Operator",
  role: "operator",
  disabled_at: null,
  created_at: "2026-03-01T12:00:00Z",
};

describe("the list of users", () => {
  it("says that it is loading", () => {
    answering(() => ({ body: { items: [] } }));
    show(<UsersPage />, { actions: ["user.manage"] });
    expect(screen.getByRole("status", { name: "Loading" })).toBeDefined();
  });

  it("says that there is none", async () => {
    answering(() => ({ body: { items: [] } }));
    show(<UsersPage />, { actions: ["user.manage"] });
    expect(await screen.findByRole("heading", { name: "No users yet" })).toBeDefined();
  });

  it("says what failed and offers another try", async () => {
    answering(() => ({ status: 503, body: { detail: "the database does not answer" } }));
    show(<UsersPage />, { actions: ["user.manage"] });
    expect((await screen.findByRole("alert")).textContent).toContain("The database does not answer.");
    answering(() => ({ body: { items: [ANN] } }));
    screen.getByRole("button", { name: "Try again" }).click();
    expect(await screen.findByText("Ann Operator")).toBeDefined();
  });

  it("is a table with a name for every column, on any screen", async () => {
    answering(() => ({ body: { items: [ANN] } }));
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
});
