/** Asks for the reason of something that is kept in the trail for good. */
import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { ErrorNotice } from "../../app/elements/ErrorNotice";

interface Props {
  title: string;
  children: ReactNode;
  action: string;
  isDangerous?: boolean;
  isPending: boolean;
  error: Error | null;
  onSubmit: (reason: string) => void;
  onClose: () => void;
}

export const MOST_CHARACTERS = 500;

export function ReasonModal({
  title,
  children,
  action,
  isDangerous = false,
  isPending,
  error,
  onSubmit,
  onClose,
}: Props) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(reason);
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack>
          <Text fz="sm" component="div">
            {children}
          </Text>
          <Textarea
            label="Reason"
            required
            autosize
            minRows={2}
            maxLength={MOST_CHARACTERS}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {error && <ErrorNotice error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={isPending}
              disabled={reason.trim() === ""}
              {...(isDangerous ? { color: "red" } : {})}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
