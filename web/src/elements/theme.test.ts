import { luminance, mergeMantineTheme, DEFAULT_THEME } from "@mantine/core";
import { describe, expect, it } from "vitest";
import { cssVariables, theme } from "./theme";

const variables: Record<"light" | "dark", Record<string, string>> = cssVariables(
  mergeMantineTheme(DEFAULT_THEME, theme),
);

describe.each(["light", "dark"] as const)("in the %s scheme", (scheme) => {
  it.each(["--mantine-color-error", "--mantine-color-dimmed"])("%s can be read", (name) => {
    for (const ground of ["--page-background", "--panel-background"]) {
      expect(contrast(variables[scheme][name] ?? "", variables[scheme][ground] ?? "")).toBeGreaterThan(4.5);
    }
  });
});

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
