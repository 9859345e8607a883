import { Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { WatchTerm } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { SyntaxHelp } from "../search/SyntaxHelp";
import { useChangeTerm, useCreateTerm } from "./mutations";
import { TEXTS } from "./texts";

interface Props {
  term: WatchTerm | null;
  /** What a new term begins with. */
  query: string;
  /** How many recordings can be looked through. */
  recordingCount: number;
  onClose: () => void;
}

export function WatchTermModal({ term, query, recordingCount, onClose }: Props) {
  const [backlog, setBacklog] = useState(false);
  const [draft, setDraft] = useState({ name: term?.name ?? query.slice(0, 60), query: term?.query ?? query });
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));
  const create = useCreateTerm(onClose);
  const change = useChangeTerm(term?.id ?? "", onClose);
  const error = create.error ?? change.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (term === null) create.mutate({ ...draft, backlog });
    else change.mutate(draft);
  };
  return (
    <Modal opened onClose={onClose} title={term === null ? TEXTS.newWatchTerm : TEXTS.editTerm(term.name)}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={TEXTS.name}
            required
            data-autofocus
            maxLength={100}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label={TEXTS.query}
            description={TEXTS.asOnSearchPage}
            required
            value={draft.query}
            rightSection={
              <SyntaxHelp onPick={(example) => set({ query: `${draft.query} ${example}`.trim() })} />
            }
            onChange={(event) => set({ query: event.currentTarget.value })}
          />
          {term === null && recordingCount > 0 && (
            <Checkbox
              label={TEXTS.alsoRunOver(recordingCount)}
              description={TEXTS.watchTermRunsOn}
              checked={backlog}
              onChange={(event) => setBacklog(event.currentTarget.checked)}
            />
          )}
          {error && <ErrorNotice error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {TEXTS.cancel}
            </Button>
            <Button type="submit" loading={create.isPending || change.isPending}>
              {term === null ? TEXTS.createWatchTerm : TEXTS.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
