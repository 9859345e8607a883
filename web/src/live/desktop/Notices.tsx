/** What a person at the desktop should know, in sentences at the lower edge, until he closes them. */
import { Alert, Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import type { DesktopState } from "./useDesktop";

interface Props {
  state: DesktopState;
  /** Whether the target draws at the size it is asked for when a connection begins. */
  resizes: boolean;
  onDismiss: (notice: "renewed" | "sizeKept" | "clipboardLosses") => void;
  onReconnect: () => void;
}

export function Notices({ state, resizes, onDismiss, onReconnect }: Props) {
  if (state.phase !== "connected") return null;
  return (
    <div className="desktop-notices" role="status">
      {state.renewed && (
        <Notice title="This is a new desktop" onClose={() => onDismiss("renewed")}>
          The earlier session has ended, and what was open in it may be gone. This session has its own
          recording.
        </Notice>
      )}
      {state.sizeKept && resizes && (
        <Notice title="The desktop keeps its size" onClose={() => onDismiss("sizeKept")}>
          <Group gap="xs">
            The target does not follow this window.
            <Button size="compact-xs" variant="default" onClick={onReconnect}>
              Reconnect to fit
            </Button>
          </Group>
        </Notice>
      )}
      {state.clipboardLosses.length > 0 && (
        <Notice title="Not all of the clipboard arrives" onClose={() => onDismiss("clipboardLosses")}>
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
      closeButtonLabel="Close"
      onClose={onClose}
      style={{ overflowWrap: "anywhere" }}
    >
      {children}
    </Alert>
  );
}
