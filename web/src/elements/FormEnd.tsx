/** The end of a dialog's form: what went wrong as a whole, and its buttons. */
import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNotice } from "./ErrorNotice";
import { TEXTS } from "./texts";

interface Props {
  action: string;
  isPending: boolean;
  error: Error | null;
  isDangerous?: boolean;
  disabled?: boolean;
  onClose: () => void;
  children?: ReactNode;
}

export function FormEnd(props: Props) {
  const { action, isPending, error, isDangerous = false, disabled = false, onClose, children } = props;
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <Group justify="flex-end">
        {children}
        <Button variant="default" onClick={onClose}>
          {TEXTS.cancel}
        </Button>
        <Button
          type="submit"
          loading={isPending}
          disabled={disabled}
          {...(isDangerous ? { color: "red" } : {})}
        >
          {action}
        </Button>
      </Group>
    </>
  );
}
