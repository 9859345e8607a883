import { Loader, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useParams } from "react-router";
import type { Target } from "../../api/types";
import { targetsQuery } from "../../features/targets/queries";
import { useTitle } from "../../elements/PageHeader";
import { ClipboardPanel } from "./ClipboardPanel";
import { DesktopMenu } from "./DesktopMenu";
import "./desktop.css";
import { EndedPage } from "./EndedPage";
import { layoutForLanguage } from "./keyboardLayouts";
import { LeaveGuard } from "./leaving";
import { Notices } from "./Notices";
import { type DesktopState, useDesktop } from "./useDesktop";
import { TEXTS } from "./texts";

export function DesktopPage() {
  const { targetId = "" } = useParams();
  const { data: targets } = useQuery(targetsQuery);
  const target = targets?.items.find(({ id }) => id === targetId);
  const name = target?.name ?? TEXTS.target;
  useTitle(name);
  const host = useRef<HTMLDivElement>(null);
  const [layout, setLayout] = useLocalStorage({
    key: "reelgate-keyboard-layout",
    defaultValue: layoutForLanguage(navigator.language),
    getInitialValueInEffect: false,
  });
  const [sharp, setSharp] = useLocalStorage({
    key: "reelgate-sharp-text",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const notice = useRef<HTMLButtonElement>(null);
  const onMenuKeys = () => notice.current?.focus();
  const { state, connection, disconnect, reopen, dismiss, acknowledge } = useDesktop({
    targetId,
    layout,
    sharp,
    host,
    onMenuKeys,
  });
  const focusDesktop = () => connection.current?.input.focus();
  const [clipboardOpen, setClipboardOpen] = useState(false);
  const connected = state.phase === "connected";
  useClipboardOnFocus(connected, () => connection.current?.clipboard.sendLocal());

  if (state.phase === "ended" && state.ending) {
    return (
      <EndedPage
        targetId={targetId}
        targetName={name}
        address={addressOf(target)}
        ending={state.ending}
        onReopen={reopen}
      />
    );
  }
  return (
    <main className="desktop">
      <div
        ref={host}
        className="desktop-host"
        data-testid="display"
        tabIndex={0}
        role="application"
        aria-label={TEXTS.desktopOf(name)}
      />
      {!connected && <Curtain phase={state.phase} name={name} />}
      <LeaveGuard active={connected || state.phase === "reconnecting"} onStay={focusDesktop} />
      <DesktopMenu
        name={name}
        protocol={target?.protocol ?? ""}
        state={state}
        notice={notice}
        connection={connection}
        layout={layout}
        sharp={sharp}
        onLayout={setLayout}
        onSharp={setSharp}
        onClipboard={() => setClipboardOpen(true)}
        onReconnect={reopen}
        onDisconnect={disconnect}
      />
      <ClipboardPanel
        opened={clipboardOpen}
        remoteText={state.remoteClipboard}
        rules={state.clipboard}
        onSend={(text) => connection.current?.clipboard.send(text)}
        onClose={() => {
          setClipboardOpen(false);
          focusDesktop();
        }}
      />
      <Notices
        state={state}
        resizes={target?.protocol === "rdp"}
        onDismiss={(which) => {
          dismiss(which);
          focusDesktop();
        }}
        onAcknowledge={(id) => {
          acknowledge(id);
          focusDesktop();
        }}
        onReconnect={reopen}
      />
    </main>
  );
}

function Curtain({ phase, name }: { phase: DesktopState["phase"]; name: string }) {
  return (
    <div className="desktop-curtain" role="status">
      <Loader color="gray.4" />
      <Text fz="lg" fw={560}>
        {phase === "reconnecting" ? TEXTS.connectionLostReconnecting : TEXTS.opening(name)}
      </Text>
      <Text fz="sm" c="gray.5">
        {phase === "reconnecting" ? TEXTS.newSessionBeginsWith : TEXTS.thisSessionWillBe}
      </Text>
    </div>
  );
}

/** Where the target is, for those who may know: administrators. */
function addressOf(target: Target | undefined): string | null {
  return target === undefined || target.host === null ? null : `${target.host}:${target.port}`;
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
