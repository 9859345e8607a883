// @vitest-environment jsdom
import { onlineManager } from "@tanstack/react-query";
import { afterEach, expect, it } from "vitest";
import { queries } from "./queries";

afterEach(() => onlineManager.setOnline(true));

it("asks the gateway although the browser thinks that it is offline", async () => {
  onlineManager.setOnline(false);
  const read = queries.fetchQuery({ queryKey: ["read"], queryFn: () => "answer" });
  expect(await read).toBe("answer");
  const change = queries.getMutationCache().build(queries, { mutationFn: () => Promise.resolve("done") });
  expect(await change.execute(undefined)).toBe("done");
});
