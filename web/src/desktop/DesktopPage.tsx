import { Loader, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useParams } from "react-router";
import { targetsQuery } from "../features/targets/queries";
import { useTitle } from "../elements/PageHeader";
import { ClipboardPanel } from "./ClipboardPanel";
import { DesktopMenu } from "./DesktopMenu";
import "./desktop.css";
import { EndedPage } from "./EndedPage";
import { layoutForLanguage } from "./keyboardLayouts";
import { type DesktopState, useDesktop } from "./useDesktop";

export function DesktopPage() {
  const { targetId = "" } = useParams();
  const { data: targets } = useQuery(targetsQuery);
  const target = targets?.items.find(({ id }) => id === targetId);
  const name = target?.name ?? "Target";
  useTitle(name);
  const host = useRef<HTMLDivElement>(null);
  const [layout, setLayout] = useLocalStorage({
    key: "reelgate-keyboard-layout",
    defaultValue: layoutForLanguage(navigator.language),
    getInitialValueInEffect: false,
  });
  const { state, connection, disconnect, reopen } = useDesktop({ targetId, layout, host });
  const [clipboardOpen, setClipboardOpen] = useState(false);
  const connected = state.phase === "connected";
  useLeaveGuard(connected);
  useClipboardOnFocus(connected, () => connection.current?.clipboard.sendLocal());

  if (state.phase === "ended" && state.ending) {
    return <EndedPage targetId={targetId} targetName={name} ending={state.ending} onReopen={reopen} />;
  }
  return (
    <main className="desktop">
      <div
        ref={host}
        className="desktop-host"
        data-testid="display"
        tabIndex={0}
        role="application"
        aria-label={`Desktop of ${name}`}
      />
      {!connected && <Curtain phase={state.phase} name={name} />}
      <DesktopMenu
        name={name}
        protocol={target?.protocol ?? ""}
        state={state}
        connection={connection}
        layout={layout}
        onLayout={setLayout}
        onClipboard={() => setClipboardOpen(true)}
        onReconnect={reopen}
        onDisconnect={disconnect}
      />
      <ClipboardPanel
        opened={clipboardOpen}
        remoteText={state.remoteClipboard}
        onSend={(text) => connection.current?.clipboard.send(text)}
        onClose={() => {
          setClipboardOpen(false);
          host.current?.focus();
        }}
      />
    </main>
  );
}

function Curtain({ phase, name }: { phase: DesktopState["phase"]; name: string }) {
  return (
    <div className="desktop-curtain" role="status">
      <Loader color="gray.4" />
      <Text fz="lg" fw={560}>
        {phase === "reconnecting" ? "Connection lost, reconnecting" : `Opening ${name}`}
      </Text>
      <Text fz="sm" c="gray.5">
        This session will be recorded.
      </Text>
    </div>
  );
}

/** Asks before a window with a running session is closed by accident. */
function useLeaveGuard(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
}

/** Brings what was copied elsewhere along when a person comes back to this window. */
function useClipboardOnFocus(active: boolean, send: () => unknown): void {
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (!active) return;
    const onFocus = () => latest.current();
    window.addEventListener("focus", onFocus);
    onFocus();
    return () => window.removeEventListener("focus", onFocus);
  }, [active]);
}
