// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Target } from "../../api/types";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { TargetModal } from "./TargetModal";

const target = {
  id: "t1",
  name: "db-01",
  protocol: "vnc",
  host: "10.0.0.1",
  port: 5900,
  record_keys: true,
  index_text: true,
  recording_policy: "strict",
  target_group: "",
  risk_class: "standard",
  parameters: {},
} as unknown as Target;

/** What is read out with the switch. */
async function descriptionOf(name: RegExp): Promise<string> {
  const field = await screen.findByRole("switch", { name });
  return document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent ?? "";
}

it("says of each switch what it keeps out of what", async () => {
  const protocol = { name: "vnc", title: "VNC", default_port: 5900, parameters: [] };
  answering(() => ({ body: { items: [protocol] } }));
  show(<TargetModal target={target} onClose={() => undefined} />);
  const searchable = await descriptionOf(/^Text searchable/);
  expect(searchable).toMatch(/shown on the screen out of search/);
  expect(searchable).toMatch(/recording itself stays complete/);
  expect(await descriptionOf(/^Record what is typed/)).toMatch(/typed and pasted .* out of the recording/);
});
