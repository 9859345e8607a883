import { describe, expect, it } from "vitest";
import { lockoutWords } from "./lockouts";

describe("lockoutWords", () => {
  it("names the pair, the address or the name", () => {
    expect(lockoutWords({ scope: "pair", username: "olga", address: "10.0.0.1" })).toBe("olga from 10.0.0.1");
    expect(lockoutWords({ scope: "address", username: null, address: "10.0.0.1" })).toBe(
      "All names from 10.0.0.1",
    );
    expect(lockoutWords({ scope: "name", username: "olga", address: null })).toBe("olga (slowed down)");
  });

  it("does not repeat a name that no account has", () => {
    expect(lockoutWords({ scope: "pair", username: null, address: "10.0.0.1" })).toBe(
      "an unknown name from 10.0.0.1",
    );
  });
});
