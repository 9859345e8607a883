/** What a person at the desktop should know, in sentences at the lower edge, until he closes them. */
import { Alert, Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import type { DesktopState } from "./useDesktop";
import { TEXTS } from "./texts";

const WRAP = { overflowWrap: "anywhere" } as const;

interface Props {
  state: DesktopState;
  /** Whether the target draws at the size it is asked for when a connection begins. */
  resizes: boolean;
  onDismiss: (notice: "renewed" | "sizeKept" | "clipboardLosses") => void;
  /** A message of the gateway was read. */
  onAcknowledge: (id: string) => void;
  onReconnect: () => void;
}

export function Notices({ state, resizes, onDismiss, onAcknowledge, onReconnect }: Props) {
  if (state.phase !== "connected") return null;
  return (
    <div className="desktop-notices" role="status">
      {state.lock !== null && (
        <Alert title={TEXTS.inputIsLocked(state.lock.author)} color="signal" variant="filled" style={WRAP}>
          {state.lock.text} {TEXTS.nothingReachesTheTarget}
        </Alert>
      )}
      {state.messages.map((message) => (
        <Alert key={message.id} title={TEXTS.messageFrom(message.author)} variant="default" style={WRAP}>
          <Group gap="xs" justify="space-between">
            {message.text}
            <Button size="compact-xs" onClick={() => onAcknowledge(message.id)}>
              {TEXTS.understood}
            </Button>
          </Group>
        </Alert>
      ))}
      {state.renewed && (
        <Notice title={TEXTS.thisIsNewDesktop} onClose={() => onDismiss("renewed")}>
          {TEXTS.earlierSessionHasEnded}
        </Notice>
      )}
      {state.sizeKept && resizes && (
        <Notice title={TEXTS.desktopKeepsItsSize} onClose={() => onDismiss("sizeKept")}>
          <Group gap="xs">
            {TEXTS.targetDoesNotFollow}
            <Button size="compact-xs" variant="default" onClick={onReconnect}>
              {TEXTS.reconnectToFit}
            </Button>
          </Group>
        </Notice>
      )}
      {state.clipboardLosses.length > 0 && (
        <Notice title={TEXTS.notAllOfClipboard} onClose={() => onDismiss("clipboardLosses")}>
          {state.clipboardLosses.join(" ")}
        </Notice>
      )}
    </div>
  );
}

function Notice({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  return (
    <Alert
      title={title}
      variant="default"
      withCloseButton
      closeButtonLabel={TEXTS.close}
      onClose={onClose}
      style={WRAP}
    >
      {children}
    </Alert>
  );
}
