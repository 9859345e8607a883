/** Asks before a running session is left: by closing or reloading the window, and by going back in it. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { TEXTS } from "./texts";

interface Props {
  /** Whether a session is running that leaving would end. */
  active: boolean;
  onStay: () => void;
}

export function LeaveGuard({ active, onStay }: Props) {
  useCloseQuestion(active);
  const blocker = useBlocker(active);
  const stay = () => {
    blocker.reset?.();
    onStay();
  };
  useEffect(() => {
    if (!active) blocker.reset?.(); // the session has ended while the question was open
  }, [active, blocker]);
  return (
    <Modal
      opened={blocker.state === "blocked"}
      onClose={stay}
      returnFocus={false}
      title={TEXTS.leaveThisSession}
      centered
    >
      <Stack>
        <Text>{TEXTS.leavingThisPageEnds}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={stay}>
            {TEXTS.stay}
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            {TEXTS.endSession}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The browser asks in its own words before a window with a running session is closed. */
function useCloseQuestion(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
}
