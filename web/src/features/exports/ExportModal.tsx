/** Asks what to export. */
import { Modal, NumberInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMemo } from "react";
import type { ExportKind, Recording } from "../../api/types";
import { FormEnd } from "../../elements/FormEnd";
import { useForm } from "../../elements/useForm";
import { ApiError } from "../../format/apiError";
import { SyntaxHelp } from "../search/SyntaxHelp";
import { Bounds } from "./Bounds";
import { bodyOf, type Draft, MOST_DAYS, NEW_DRAFT, rulesFor } from "./draft";
import type { FieldProps } from "./fields";
import { useRequestExport } from "./mutations";
import { RuleFields } from "./RuleFields";
import { KIND_WORDS } from "./texts";
import { TEXTS } from "./texts";

interface Props {
  recording: Recording;
  timeNow: () => number;
  query: string;
  onClose: () => void;
}

const KINDS = Object.entries(KIND_WORDS).map(([value, { title }]) => ({ value, label: title }));

export function ExportModal({ recording, timeNow, query, onClose }: Props) {
  const task = useRequestExport(recording.id, onClose);
  const form = useForm<Draft>({ ...NEW_DRAFT, query }, rulesFor(recording.duration_ms), {
    mutate: (draft) => task.mutate(bodyOf(draft)),
    error: useMemo(() => inFormNames(task.error), [task.error]),
    isPending: task.isPending,
  });
  const { draft, set } = form;
  return (
    <Modal opened onClose={onClose} title={TEXTS.newExport} size="lg">
      <form {...form.form}>
        <Stack>
          <SegmentedControl
            fullWidth
            data={KINDS}
            value={draft.kind}
            aria-label={TEXTS.whatToExport}
            onChange={(kind) => set({ kind: kind as ExportKind })}
          />
          <Text fz="sm" c="dimmed">
            {KIND_WORDS[draft.kind].means}
          </Text>
          <Fields {...{ form, recording, timeNow }} />
          <NumberInput
            label={TEXTS.keepFileFor}
            suffix={TEXTS.days}
            min={1}
            max={MOST_DAYS}
            allowDecimal={false}
            clampBehavior="none"
            {...form.field("keepDays")}
            onChange={(days) => set({ keepDays: days === "" ? "" : Number(days) })}
          />
          <FormEnd {...form} action={TEXTS.export} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

/** The API's names of what the form has under others. */
const FORM_NAMES = { start_ms: "from", end_ms: "to", keep_days: "keepDays", min_confidence: "minConfidence" };

function inFormNames(error: Error | null): Error | null {
  return error instanceof ApiError ? error.renamed(FORM_NAMES) : error;
}

function Fields(props: FieldProps) {
  const { form } = props;
  const { draft, set } = form;
  if (draft.kind === "bundle") {
    return (
      <TextInput
        label={TEXTS.picturesOfHits}
        description={TEXTS.asOnSearchPage}
        {...form.text("query")}
        rightSection={<SyntaxHelp onPick={(example) => set({ query: `${draft.query} ${example}`.trim() })} />}
      />
    );
  }
  return (
    <>
      <Bounds {...props} />
      {draft.kind === "redacted" && <RuleFields {...props} />}
    </>
  );
}
