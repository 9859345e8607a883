// @vitest-environment jsdom
import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { Sentence } from "./Sentence";

it("puts elements where the text names them", () => {
  const parts = { who: <b>Olga</b>, when: <time>today</time> };
  const { container } = render(<Sentence text="Held by {who}, {when}." parts={parts} />);
  expect(container.textContent).toBe("Held by Olga, today.");
  expect([...container.children].map((child) => child.tagName)).toEqual(["B", "TIME"]);
});

it("takes what stands for a name as it is", () => {
  const { container } = render(<Sentence text="Only {what}" parts={{ what: "{who} <b>" }} />);
  expect(container.textContent).toBe("Only {who} <b>");
});
