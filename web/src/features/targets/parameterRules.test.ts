import { describe, expect, it } from "vitest";
import type { Parameter } from "../../api/types";
import { parameterFault } from "./parameterRules";

function parameter(kind: Parameter["kind"], choices: string[] = []): Parameter {
  return { name: "p", title: "P", kind, choices, default: "", help: "" };
}

describe("a parameter of a protocol", () => {
  it("may be left empty", () => {
    for (const kind of ["text", "number", "boolean", "choice"] as const) {
      expect(parameterFault(parameter(kind), "")).toBeNull();
    }
  });

  it("is a whole number within the bounds", () => {
    const number = parameter("number");
    expect(["0", "12", "1000000"].map((value) => parameterFault(number, value))).toEqual([null, null, null]);
    for (const value of ["-1", "1.5", "1000001", "12a", "1e3"]) {
      expect(parameterFault(number, value)).toBe("A whole number from 0 to 1,000,000.");
    }
  });

  it("is one of the choices", () => {
    expect(parameterFault(parameter("choice", ["any", "tls"]), "tls")).toBeNull();
    expect(parameterFault(parameter("choice", ["any", "tls"]), "ssl")).toBe("One of any, tls.");
  });

  it("is text that can be printed, and not too long", () => {
    const text = parameter("text");
    expect(parameterFault(text, "Zürich ☃")).toBeNull();
    expect(parameterFault(text, "a\tb")).toMatch(/Printable/);
    expect(parameterFault(text, "a".repeat(1025))).toBe("At most 1,024 characters.");
  });
});
