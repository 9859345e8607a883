/** Asks what to export. */
import { Button, Group, Modal, NumberInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ExportKind, Recording } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { SyntaxHelp } from "../search/SyntaxHelp";
import { Bounds } from "./Bounds";
import { bodyOf, type Draft, lacking, NEW_DRAFT } from "./draft";
import { useRequestExport } from "./mutations";
import { RuleFields } from "./RuleFields";
import { KIND_WORDS } from "./words";

interface Props {
  recording: Recording;
  timeNow: () => number;
  query: string;
  onClose: () => void;
}

const KINDS = Object.entries(KIND_WORDS).map(([value, { title }]) => ({ value, label: title }));
const MOST_DAYS = 365;

export function ExportModal({ recording, timeNow, query, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>({ ...NEW_DRAFT, query });
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const [tried, setTried] = useState(false);
  const task = useRequestExport(recording.id, onClose);
  const lack = lacking(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (lack === null) task.mutate(bodyOf(draft));
  };
  return (
    <Modal opened onClose={onClose} title="New export" size="lg">
      <form onSubmit={submit} noValidate>
        <Stack>
          <SegmentedControl
            fullWidth
            data={KINDS}
            value={draft.kind}
            aria-label="What to export"
            onChange={(kind) => set({ kind: kind as ExportKind })}
          />
          <Text fz="sm" c="dimmed">
            {KIND_WORDS[draft.kind].means}
          </Text>
          <Fields {...{ draft, set, recording, timeNow }} />
          <NumberInput
            label="Keep the file for"
            suffix=" days"
            min={1}
            max={MOST_DAYS}
            allowDecimal={false}
            value={draft.keepDays}
            onChange={(days) => set({ keepDays: Number(days) || NEW_DRAFT.keepDays })}
          />
          {tried && lack !== null && (
            <Text fz="sm" c="red" role="alert">
              {lack}
            </Text>
          )}
          {task.error && <ErrorNotice error={task.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={task.isPending}>
              Export
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export interface FieldProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  recording: Recording;
  timeNow: () => number;
}

function Fields(props: FieldProps) {
  const { draft, set } = props;
  if (draft.kind === "bundle") {
    return (
      <TextInput
        label="Pictures of hits"
        description="As on the search page; the bundle gets a picture of each moment at which this came up. May stay empty."
        value={draft.query}
        maxLength={1000}
        rightSection={<SyntaxHelp onPick={(example) => set({ query: `${draft.query} ${example}`.trim() })} />}
        onChange={(event) => set({ query: event.currentTarget.value })}
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
