// @vitest-environment jsdom
import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Target } from "../../api/types";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { TargetModal } from "./TargetModal";

const target = {
  id: "t1",
  name: "db-01",
  protocol: "rdp",
  host: "10.0.0.1",
  port: 3389,
  record_keys: true,
  index_text: true,
  recording_policy: "strict",
  target_group: "",
  risk_class: "standard",
  parameters: { "preconnection-id": "12" },
} as unknown as Target;

const parameter = {
  name: "preconnection-id",
  title: "Preconnection id",
  kind: "number",
  choices: [],
  default: "",
  help: "",
};
const protocols = { items: [{ name: "rdp", title: "RDP", default_port: 3389, parameters: [parameter] }] };

const saved = vi.fn();

async function open(refusal: unknown) {
  saved.mockClear();
  answering(({ method }) => {
    if (method === "GET") return { body: protocols };
    saved();
    return { status: 422, body: refusal };
  });
  show(<TargetModal target={target} onClose={() => undefined} />);
  await screen.findByText("Protocol parameters");
}

const save = () => fireEvent.click(screen.getByRole("button", { name: "Save" }));

it("says at a parameter what is allowed, before anything is sent", async () => {
  await open(null);
  fireEvent.click(screen.getByText("Protocol parameters"));
  const input = await screen.findByLabelText("Preconnection id");
  fireEvent.change(input, { target: { value: "2000000" } });
  save();
  expect(await screen.findByText("A whole number from 0 to 1,000,000.")).toBeDefined();
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(saved).not.toHaveBeenCalled();
});

it("says at a parameter what the gateway refused, and nowhere else", async () => {
  await open({
    detail: "parameter 'preconnection-id' is taken",
    field: "parameters.preconnection-id",
  });
  save();
  expect(await screen.findByText("Parameter 'preconnection-id' is taken.")).toBeDefined();
  const input = screen.getByLabelText("Preconnection id");
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(screen.queryByRole("alert")).toBeNull();
});
