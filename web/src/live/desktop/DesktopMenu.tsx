/**
 * The bar over the desktop: the notice that the session is recorded, the way out, and the tools.
 *
 * It shrinks to a red dot after some seconds, and moves along the edge, so that nothing of the desktop stays covered.
 */
import { Button, Tooltip } from "@mantine/core";
import { Power } from "lucide-react";
import { type CSSProperties, type RefObject, useEffect, useState } from "react";
import { useBarPlace } from "./barPlace";
import { DesktopTools, type ToolsProps } from "./DesktopTools";
import { qualityOf } from "./roundTrip";
import type { DesktopState } from "./useDesktop";
import { TEXTS } from "./texts";

const SHOWN_AT_START_MS = 8_000; // long enough to read it
const HIDES_AFTER_MS = 1_200;

interface Props extends ToolsProps {
  state: DesktopState;
  /** The button that opens the tools, for who comes by keyboard. */
  notice: RefObject<HTMLButtonElement | null>;
  onDisconnect: () => void;
}

export function DesktopMenu({ state, notice, onDisconnect, ...tools }: Props) {
  const { open, handlers, toggle } = useSelfHiding();
  const { place, handlers: dragging } = useBarPlace();
  const isDot = !open && !state.unstable;
  const style = { "--bar-place": place } as CSSProperties;
  const focusDesktop = () => tools.connection.current?.input.focus();
  return (
    <header
      className="desktop-menu"
      data-testid="connection-state"
      data-state={state.unstable ? "unstable" : state.phase}
      data-dot={isDot}
      style={style}
      {...handlers}
      onKeyDown={(event) => {
        if (event.key === "Escape" && event.currentTarget.contains(event.target as Node)) focusDesktop();
      }}
    >
      <div className="desktop-bar">
        <button
          ref={notice}
          type="button"
          className="desktop-notice"
          aria-expanded={open}
          aria-label={TEXTS.noticeWithTools}
          title={TEXTS.dragOrPressLeft}
          onClick={(event) => {
            toggle();
            if (event.detail > 0) focusDesktop(); // by pointer: typing goes on at the desktop
          }}
          {...dragging}
        >
          <span className="recording-dot" />
          {!isDot && <span>{TEXTS.notice}</span>}
          {!isDot && <LinkState state={state} />}
        </button>
        {!isDot && (
          <Button
            size="compact-xs"
            color="red.9"
            leftSection={<Power size={12} aria-hidden="true" />}
            onClick={onDisconnect}
          >
            {TEXTS.disconnect}
          </Button>
        )}
      </div>
      {open && <DesktopTools {...tools} />}
    </header>
  );
}

/** Open at first, while the pointer or focus is on it, or when pressed open. */
function useSelfHiding() {
  const [hovered, setHovered] = useState(false);
  const [pinned, setPinned] = useState(false);
  const [lingering, setLingering] = useState(true);
  const [started, setStarted] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setStarted(true), SHOWN_AT_START_MS);
    return () => window.clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (hovered || pinned || !started) return;
    const timer = window.setTimeout(() => setLingering(false), HIDES_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [hovered, pinned, started]);
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
  if (state.unstable) return <span>{TEXTS.connectionUnstable}</span>;
  if (state.phase !== "connected" || state.roundTripMs === null) return null;
  return (
    <Tooltip label={TEXTS.medianRoundTripBetween}>
      <span className="tabular" style={{ display: "inline-flex", alignItems: "center", gap: 6 }}>
        <span className="desktop-quality" data-quality={qualityOf(state.roundTripMs)} />
        {TEXTS.milliseconds(Math.max(1, Math.round(state.roundTripMs)))}
      </span>
    </Tooltip>
  );
}
