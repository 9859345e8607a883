import { describe, expect, it } from "vitest";
import { auditFilterOf } from "./address";

describe("auditFilterOf", () => {
  it("takes known tags, texts and days", () => {
    const filter = auditFilterOf(
      new URLSearchParams(
        "tag=api:hold:placed&tag=nonsense&actor=%20ann&text=x&subject=s&after=2026-03-01&before=2026-03-01",
      ),
    );
    expect(filter).toMatchObject({ tag: ["api:hold:placed"], actor: "ann", text: "x", subject_id: "s" });
    const day = new Date(filter.before ?? "").getTime() - new Date(filter.after ?? "").getTime();
    expect(day).toBe(86_400_000);
  });

  it("leaves out what is empty or no day", () => {
    expect(auditFilterOf(new URLSearchParams("tag=x&actor=%20&after=soon&before=2026-13-45"))).toEqual({});
  });
});
