// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { UserModal } from "./UserModal";

const onClose = vi.fn();
const sent: unknown[] = [];

function field(name: string): HTMLInputElement {
  return screen.getByLabelText(new RegExp(`^${name}`));
}

async function fill(texts: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await userEvent.click(field(name));
    await userEvent.paste(text); // a key at a time takes seconds on a busy machine
  }
}

async function create(): Promise<void> {
  await userEvent.click(screen.getByRole("button", { name: "Create user" }));
}

describe("the form of a user", () => {
  beforeEach(() => {
    onClose.mockClear();
    sent.length = 0;
    answering((request) => {
      sent.push(request.url);
      return { status: 201, body: {} };
    });
    show(<UserModal user={null} onClose={onClose} />);
  });

  it("says the rules before anything is typed", () => {
    expect(screen.getByText("Letters, digits and . _ @ -")).toBeDefined();
    expect(screen.getByText("At least 12 characters.")).toBeDefined();
    expect(field("Username").getAttribute("aria-invalid")).toBeNull();
  });

  it("says at the field what is wrong with it once it is left", async () => {
    await fill({ Username: "bad name!" });
    await userEvent.tab();
    expect(screen.getByText(/Letters, digits and \. _ @ - only/)).toBeDefined();
    expect(field("Username").getAttribute("aria-invalid")).toBe("true");
  });

  it("sends nothing that breaks a rule, and leads to the first fault", async () => {
    await fill({ Username: "ann", Password: "short" });
    await create();
    expect(sent).toEqual([]);
    expect(document.activeElement).toBe(field("Name"));
    expect(screen.getByText("Required.")).toBeDefined();
  });

  it("puts what the server refuses at its field, in words, until it is changed", async () => {
    const pattern = "String should match pattern '^[a-z]$'";
    answering(() => ({
      status: 422,
      body: { detail: [{ type: "string_pattern_mismatch", loc: ["body", "username"], msg: pattern }] },
    }));
    await fill({ Username: "ann", Name: "Ann", Password: "a password for tests" });
    await create();
    await waitFor(() => expect(screen.getByText("Has characters that are not allowed here.")).toBeDefined());
    expect(screen.queryByText(/pattern/)).toBeNull();
    expect(screen.queryByRole("alert", { name: /did not work/ })).toBeNull();
    await fill({ Username: "a" });
    expect(screen.queryByText("Has characters that are not allowed here.")).toBeNull();
    expect(onClose).not.toHaveBeenCalled();
  });

  it("shows as a whole what is about no field", async () => {
    answering(() => ({ status: 409, body: { detail: "a user named ann exists" } }));
    await fill({ Username: "ann", Name: "Ann", Password: "a password for tests" });
    await create();
    await waitFor(() => expect(screen.getByText("A user named ann exists.")).toBeDefined());
  });

  it("closes when it is saved", async () => {
    await fill({ Username: "ann", Name: "Ann", Password: "a password for tests" });
    await create();
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(sent).toHaveLength(1);
  });
});
