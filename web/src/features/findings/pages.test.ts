import { expect, it } from "vitest";
import { replaced } from "./pages";

it("changes the one item and nothing else", () => {
  const pages = [
    {
      items: [
        { id: "a", n: 1 },
        { id: "b", n: 1 },
      ],
      next_cursor: "x",
    },
    { items: [{ id: "c", n: 1 }], next_cursor: null },
  ];
  expect(replaced(pages, { id: "b", n: 2 })).toEqual([
    {
      items: [
        { id: "a", n: 1 },
        { id: "b", n: 2 },
      ],
      next_cursor: "x",
    },
    { items: [{ id: "c", n: 1 }], next_cursor: null },
  ]);
  expect(replaced(pages, { id: "d", n: 2 })).toEqual(pages);
});
