/** Reelgate's own look: a deep green for what one can do, a warm red for what is being recorded, calm greys. */
import {
  alpha,
  type CSSVariablesResolver,
  createTheme,
  DEFAULT_THEME,
  type MantineColorsTuple,
} from "@mantine/core";
import { TEXTS } from "./texts";

const gate: MantineColorsTuple = [
  "#e9f7f4",
  "#d3ece7",
  "#a6d9cf",
  "#75c5b6",
  "#4eb4a1",
  "#35a994",
  "#22917d",
  "#177a69",
  "#0f6558",
  "#064f45",
];
const signal: MantineColorsTuple = [
  "#fff0ed",
  "#fcdfd9",
  "#f7bcb1",
  "#f39685",
  "#ef7661",
  "#ed624a",
  "#ec573e",
  "#c43f29",
  "#b03722",
  "#96301c",
];
// Mantine's red is too light for white words on it (3.8 to 1); shade 7 is what filled buttons have.
const red = darker("red", ["#e03131", "#c92a2a", "#b02525", "#961f1f"]);
const dark: MantineColorsTuple = [
  "#d5dbdd",
  "#b3bcc0",
  "#8d989d",
  "#66727a",
  "#3d474e",
  "#2b343a",
  "#20272c",
  "#181e22",
  "#12171a",
  "#0c1012",
];

const CLOSE = { "aria-label": TEXTS.close };

export const theme = createTheme({
  primaryColor: "gate",
  primaryShade: 7, // white on it is 5.2 to 1
  autoContrast: true,
  colors: { gate, signal, red, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Liberation Mono', monospace",
  headings: { fontWeight: "640" },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Paper: { defaultProps: { withBorder: true, radius: "lg" } },
    Table: { defaultProps: { verticalSpacing: "sm", horizontalSpacing: "md", highlightOnHover: true } },
    TableScrollContainer: { defaultProps: { type: "native" } },
    Modal: {
      defaultProps: {
        radius: "lg",
        centered: true,
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        closeButtonProps: CLOSE,
      },
    },
    Drawer: { defaultProps: { closeButtonProps: CLOSE } },
    Notification: { defaultProps: { closeButtonProps: CLOSE } },
    Alert: { defaultProps: { closeButtonLabel: CLOSE["aria-label"] } },
    Anchor: { defaultProps: { underline: "always" } },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        withArrow: true,
        multiline: true,
        maw: 340,
        // What a mouse finds out by resting on it, a keyboard and a finger do too.
        events: { hover: true, focus: true, touch: true },
      },
    },
  },
});

// What Mantine derives for light variants in the dark scheme sinks into our dark ground: these are translucent instead.
const TINTED = { gate, signal, red, ...pick("gray", "blue", "grape", "yellow") };

function pick(...names: string[]): Record<string, MantineColorsTuple> {
  return Object.fromEntries(names.map((name) => [name, DEFAULT_THEME.colors[name] as MantineColorsTuple]));
}

/** A palette of Mantine's with other shades 6 to 9. */
function darker(name: "red", shades: readonly [string, string, string, string]): MantineColorsTuple {
  return [...DEFAULT_THEME.colors[name].slice(0, 6), ...shades] as unknown as MantineColorsTuple;
}

function darkTints(): Record<string, string> {
  const entries = Object.entries(TINTED).flatMap(([name, shades]) => [
    [`--mantine-color-${name}-light`, alpha(shades[5], 0.16)],
    [`--mantine-color-${name}-light-hover`, alpha(shades[5], 0.24)],
    [`--mantine-color-${name}-light-color`, shades[3]],
  ]);
  return Object.fromEntries(entries);
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--page-background": "#f5f7f7",
    "--panel-background": "#ffffff",
    "--panel-line": "#e1e7e7",
    "--mantine-color-dimmed": "#5b6a6f",
    "--mantine-color-yellow-text": "#8a5a00",
    "--mantine-color-error": red[7],
    "--timeline-idle": "#e9eded",
    "--timeline-activity": "#8fc9be",
  },
  dark: {
    "--page-background": "#0f1417",
    "--panel-background": "#181e22",
    "--panel-line": "#2b343a",
    "--mantine-color-dimmed": "#98a4a9",
    "--mantine-color-error": red[4], // Mantine's shade 8 is hardly seen on our dark ground
    "--timeline-idle": "#232b30",
    "--timeline-activity": "#2c7469",
    ...darkTints(),
  },
});
