/** Asks for the reason of something that is kept in the trail for good. */
import { Modal, Stack, Text, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { FormEnd } from "./FormEnd";
import { useForm } from "./useForm";
import { all, atMost, filled } from "../format/rules";
import { TEXTS } from "./texts";

interface Props {
  title: string;
  children: ReactNode;
  /** Of the field; default: "Reason". */
  label?: string;
  action: string;
  isDangerous?: boolean;
  isPending: boolean;
  error: Error | null;
  onSubmit: (reason: string) => void;
  onClose: () => void;
}

/** Of every reason that is asked for, here and elsewhere. */
export const reasonRule = all(filled, atMost(500));
const RULES = { reason: reasonRule };

export function ReasonModal({
  title,
  children,
  label = TEXTS.reason,
  action,
  isDangerous = false,
  isPending,
  error,
  onSubmit,
  onClose,
}: Props) {
  const form = useForm({ reason: "" }, RULES, {
    mutate: (draft) => onSubmit(draft.reason),
    error,
    isPending,
  });
  return (
    <Modal opened onClose={onClose} title={title}>
      <form {...form.form}>
        <Stack>
          <Text fz="sm" component="div">
            {children}
          </Text>
          <Textarea
            label={label}
            description={TEXTS.keptInAuditTrail}
            required
            autosize
            minRows={2}
            data-autofocus
            {...form.text("reason")}
          />
          <FormEnd {...form} action={action} isDangerous={isDangerous} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
