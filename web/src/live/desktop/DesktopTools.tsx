/** What can be done to a running desktop. After each the typing goes to the desktop again. */
import { ActionIcon, Menu, Select, Tooltip } from "@mantine/core";
import { useFullscreenDocument, useMediaQuery } from "@mantine/hooks";
import {
  ClipboardCopy,
  Command,
  Keyboard,
  type LucideIcon,
  Maximize,
  Minimize,
  MousePointer2,
  RefreshCw,
  Scaling,
  ScanText,
  Touchpad,
} from "lucide-react";
import { type RefObject, useState } from "react";
import type { DesktopConnection } from "./connection";
import type { TouchMode } from "./input";
import { KEYBOARD_LAYOUTS } from "./keyboardLayouts";
import { KEYSYM } from "./keysyms";
import { TEXTS } from "./texts";

const CHORDS = [
  { label: TEXTS.ctrlAltDelete, keys: [KEYSYM.CONTROL, KEYSYM.ALT, KEYSYM.DELETE] },
  { label: TEXTS.altTab, keys: [KEYSYM.ALT, KEYSYM.TAB] },
  { label: TEXTS.windowsKey, keys: [KEYSYM.SUPER] },
  { label: TEXTS.escape, keys: [KEYSYM.ESCAPE] },
  { label: TEXTS.tab, keys: [KEYSYM.TAB] },
] as const;

export interface ToolsProps {
  name: string;
  protocol: string;
  connection: RefObject<DesktopConnection | null>;
  layout: string;
  sharp: boolean;
  onLayout: (layout: string) => void;
  onSharp: (sharp: boolean) => void;
  onClipboard: () => void;
  onReconnect: () => void;
}

export function DesktopTools(props: ToolsProps) {
  const { connection, protocol, onReconnect } = props;
  const { toggle: toggleFullscreen, fullscreen } = useFullscreenDocument();
  const [fits, setFits] = useState(true);
  const focus = () => connection.current?.input.focus();
  return (
    <div className="desktop-tools" role="toolbar" aria-label={TEXTS.toolsOf(props.name)}>
      <KeysMenu connection={connection} />
      <Tool icon={ClipboardCopy} label={TEXTS.clipboard} onClick={props.onClipboard} />
      <Tool
        icon={Scaling}
        label={fits ? TEXTS.actualSize : TEXTS.fitToWindow}
        onClick={() => {
          setFits(!fits);
          connection.current?.setFits(!fits);
          focus();
        }}
      />
      <Tool
        icon={fullscreen ? Minimize : Maximize}
        label={fullscreen ? TEXTS.leaveFullScreen : TEXTS.fullScreen}
        onClick={() => void toggleFullscreen().finally(focus)}
      />
      <TouchTools connection={connection} />
      {protocol === "rdp" && <RdpTools {...props} />}
      <Tool icon={RefreshCw} label={TEXTS.reconnect} onClick={onReconnect} />
    </div>
  );
}

/** What RDP takes only when a connection begins: choosing it reconnects. */
function RdpTools({ connection, layout, sharp, onLayout, onSharp, onReconnect }: ToolsProps) {
  const changeLayout = (value: string | null) => {
    if (value === null || value === layout) return;
    onLayout(value);
    onReconnect();
  };
  return (
    <>
      {window.devicePixelRatio > 1 && (
        <Tool
          icon={ScanText}
          label={sharp ? TEXTS.largerTextLessSharp : TEXTS.sharperTextSmallerReconnects}
          onClick={() => {
            onSharp(!sharp);
            onReconnect();
          }}
        />
      )}
      <Select
        size="xs"
        w={170}
        aria-label={TEXTS.keyboardLayoutReconnects}
        classNames={{ input: "desktop-select" }}
        data={KEYBOARD_LAYOUTS}
        value={layout}
        allowDeselect={false}
        onChange={changeLayout}
        onDropdownClose={() => connection.current?.input.focus()}
      />
    </>
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

function KeysMenu({ connection }: Pick<ToolsProps, "connection">) {
  return (
    <Menu
      shadow="md"
      position="bottom-start"
      returnFocus={false}
      onClose={() => connection.current?.input.focus()}
    >
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray.4" size={32} aria-label={TEXTS.sendKeys}>
          <Command size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{TEXTS.sendKeys}</Menu.Label>
        {CHORDS.map(({ label, keys }) => (
          <Menu.Item key={label} onClick={() => connection.current?.input.sendChord(keys)}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => connection.current?.input.releaseAll()}>{TEXTS.releaseAllKeys}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function TouchTools({ connection }: Pick<ToolsProps, "connection">) {
  const touch = useMediaQuery("(pointer: coarse)") ?? false;
  const [mode, setMode] = useState<TouchMode>("touchscreen");
  if (!touch) return null;
  const other = mode === "touchscreen" ? "touchpad" : "touchscreen";
  return (
    <>
      <Tool
        icon={mode === "touchscreen" ? MousePointer2 : Touchpad}
        label={TEXTS.touchAs(other)}
        onClick={() => {
          setMode(other);
          connection.current?.setTouchMode(other);
          connection.current?.input.focus();
        }}
      />
      <Tool
        icon={Keyboard}
        label={TEXTS.onScreenKeyboard}
        onClick={() => connection.current?.input.showScreenKeyboard()}
      />
    </>
  );
}
