// @vitest-environment jsdom
import { useQuery } from "@tanstack/react-query";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { PlaceHoldModal } from "./PlaceHoldModal";

const RECORDING = "0b5f7c3e-9a1d-4e2f-8c6b-5a4d3e2f1a0b";

function SlowRead() {
  useQuery({ queryKey: ["recordings", "one", RECORDING], queryFn: () => new Promise<null>(() => undefined) });
  return null;
}

it("closes when the hold is placed, though the page behind it still waits for a read", async () => {
  answering(() => ({ body: { items: [] } }));
  const onClose = vi.fn();
  show(
    <>
      <SlowRead />
      <PlaceHoldModal recordingId={RECORDING} onClose={onClose} />
    </>,
  );
  fireEvent.change(screen.getByRole("textbox", { name: /Reason/ }), { target: { value: "Case 7" } });
  fireEvent.click(screen.getByRole("button", { name: "Place hold" }));
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
});
