// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { createMemoryRouter, RouterProvider } from "react-router";
import { theme } from "../../elements/theme";
import { LeaveGuard } from "./leaving";

const onStay = vi.fn();

function visit(active: boolean) {
  const router = createMemoryRouter(
    [
      { path: "/targets", element: "the targets" },
      { path: "/desktop", element: <LeaveGuard active={active} onStay={onStay} /> },
    ],
    { initialEntries: ["/targets", "/desktop"] },
  );
  render(
    <MantineProvider theme={theme} env="test">
      <RouterProvider router={router} />
    </MantineProvider>,
  );
  return router;
}

describe("going back from a running session", () => {
  it("asks, and stays at the desktop where that is the answer", async () => {
    const router = visit(true);
    await act(() => router.navigate(-1));
    await userEvent.click(await screen.findByRole("button", { name: "Stay" }));
    expect(router.state.location.pathname).toBe("/desktop");
    expect(onStay).toHaveBeenCalledOnce();
  });

  it("asks, and leaves where that is the answer", async () => {
    const router = visit(true);
    await act(() => router.navigate(-1));
    await userEvent.click(await screen.findByRole("button", { name: "End session" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/targets"));
  });

  it("asks nothing when no session runs", async () => {
    const router = visit(false);
    await act(() => router.navigate(-1));
    expect(router.state.location.pathname).toBe("/targets");
  });

  it("lets the browser ask before the window is closed", () => {
    visit(true);
    const closing = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(closing);
    expect(closing.defaultPrevented).toBe(true);
  });
});
