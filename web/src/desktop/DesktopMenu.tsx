/** The bar over the desktop. The notice that the session is recorded, and the way out, stay; the tools hide. */
import { ActionIcon, Button, Menu, Select, Tooltip } from "@mantine/core";
import { useFullscreenDocument, useMediaQuery } from "@mantine/hooks";
import {
  ClipboardCopy,
  Command,
  Keyboard,
  type LucideIcon,
  Maximize,
  Minimize,
  MousePointer2,
  Power,
  RefreshCw,
  Scaling,
  Touchpad,
} from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import type { DesktopConnection } from "./connection";
import type { TouchMode } from "./input";
import { KEYSYM } from "./input";
import { KEYBOARD_LAYOUTS } from "./keyboardLayouts";
import { qualityOf } from "./roundTrip";
import type { DesktopState } from "./useDesktop";

const SHOWN_AT_START_MS = 5_000;
const HIDES_AFTER_MS = 1_200;

const CHORDS = [
  { label: "Ctrl + Alt + Delete", keys: [KEYSYM.CONTROL, KEYSYM.ALT, KEYSYM.DELETE] },
  { label: "Alt + Tab", keys: [KEYSYM.ALT, KEYSYM.TAB] },
  { label: "Windows key", keys: [KEYSYM.SUPER] },
  { label: "Escape", keys: [KEYSYM.ESCAPE] },
  { label: "Tab", keys: [KEYSYM.TAB] },
] as const;

interface Props {
  name: string;
  protocol: string;
  state: DesktopState;
  connection: RefObject<DesktopConnection | null>;
  layout: string;
  onLayout: (layout: string) => void;
  onClipboard: () => void;
  onReconnect: () => void;
  onDisconnect: () => void;
}

export function DesktopMenu(props: Props) {
  const { open, handlers, toggle } = useSelfHiding();
  return (
    <header
      className="desktop-menu"
      data-testid="connection-state"
      data-state={props.state.unstable ? "unstable" : props.state.phase}
      {...handlers}
    >
      <div className="desktop-bar">
        <button type="button" className="desktop-notice" aria-expanded={open} onClick={toggle}>
          <span className="recording-dot" />
          <span>This session is recorded</span>
          <LinkState state={props.state} />
        </button>
        <Button
          size="compact-xs"
          color="signal"
          leftSection={<Power size={12} />}
          onClick={props.onDisconnect}
        >
          Disconnect
        </Button>
      </div>
      {open && <Tools {...props} />}
    </header>
  );
}

/** Open at first, while the pointer or focus is on it, or when pressed open. */
function useSelfHiding() {
  const [hovered, setHovered] = useState(false);
  const [pinned, setPinned] = useState(false);
  const [lingering, setLingering] = useState(true);
  useEffect(() => {
    const timer = window.setTimeout(() => setLingering(false), SHOWN_AT_START_MS);
    return () => window.clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (hovered || pinned) return;
    const timer = window.setTimeout(() => setLingering(false), HIDES_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [hovered, pinned]);
  const enter = () => {
    setHovered(true);
    setLingering(true);
  };
  return {
    open: hovered || pinned || lingering,
    toggle: () => setPinned((before) => !before),
    handlers: {
      onMouseEnter: enter,
      onMouseLeave: () => setHovered(false),
      onFocus: enter,
      onBlur: () => setHovered(false),
    },
  };
}

function LinkState({ state }: { state: DesktopState }) {
  if (state.unstable) return <span>· connection unstable</span>;
  if (state.phase !== "connected" || state.roundTripMs === null) return null;
  return (
    <Tooltip label="Median round trip between this browser and the gateway">
      <span className="tabular" style={{ display: "inline-flex", alignItems: "center", gap: 6 }}>
        <span className="desktop-quality" data-quality={qualityOf(state.roundTripMs)} />
        {Math.max(1, Math.round(state.roundTripMs))} ms
      </span>
    </Tooltip>
  );
}

function Tools(props: Props) {
  const { connection, protocol, layout, onLayout, onReconnect } = props;
  const { toggle: toggleFullscreen, fullscreen } = useFullscreenDocument();
  const [fits, setFits] = useState(true);
  const changeLayout = (value: string | null) => {
    if (value === null || value === layout) return;
    onLayout(value);
    onReconnect();
  };
  return (
    <div className="desktop-tools" role="toolbar" aria-label={`Tools of ${props.name}`}>
      <ChordMenu connection={connection} />
      <Tool icon={ClipboardCopy} label="Clipboard" onClick={props.onClipboard} />
      <Tool
        icon={Scaling}
        label={fits ? "Actual size" : "Fit to window"}
        onClick={() => {
          setFits(!fits);
          connection.current?.setFits(!fits);
        }}
      />
      <Tool
        icon={fullscreen ? Minimize : Maximize}
        label={fullscreen ? "Leave full screen" : "Full screen"}
        onClick={() => void toggleFullscreen()}
      />
      <TouchTools connection={connection} />
      {protocol === "rdp" && (
        <Select
          size="xs"
          w={170}
          aria-label="Keyboard layout"
          classNames={{ input: "desktop-select" }}
          data={KEYBOARD_LAYOUTS}
          value={layout}
          allowDeselect={false}
          onChange={changeLayout}
        />
      )}
      <Tool icon={RefreshCw} label="Reconnect" onClick={onReconnect} />
    </div>
  );
}

interface ToolProps {
  icon: LucideIcon;
  label: string;
  onClick: () => void;
}

function Tool({ icon: Icon, label, onClick }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray.4" size={32} aria-label={label} onClick={onClick}>
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  );
}

function ChordMenu({ connection }: Pick<Props, "connection">) {
  return (
    <Menu shadow="md" position="bottom-start">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray.4" size={32} aria-label="Send keys">
          <Command size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Send keys</Menu.Label>
        {CHORDS.map(({ label, keys }) => (
          <Menu.Item key={label} onClick={() => connection.current?.input.sendChord(keys)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function TouchTools({ connection }: Pick<Props, "connection">) {
  const touch = useMediaQuery("(pointer: coarse)") ?? false;
  const [mode, setMode] = useState<TouchMode>("touchscreen");
  if (!touch) return null;
  const other = mode === "touchscreen" ? "touchpad" : "touchscreen";
  return (
    <>
      <Tool
        icon={mode === "touchscreen" ? MousePointer2 : Touchpad}
        label={`Touch as ${other}`}
        onClick={() => {
          setMode(other);
          connection.current?.setTouchMode(other);
        }}
      />
      <Tool
        icon={Keyboard}
        label="On-screen keyboard"
        onClick={() => connection.current?.input.showScreenKeyboard()}
      />
    </>
  );
}
