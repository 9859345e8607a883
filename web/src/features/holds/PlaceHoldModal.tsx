/** Places a hold on one recording, or on several that are pasted in. */
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { usePlaceHold } from "../retention/mutations";
import { MOST_CHARACTERS } from "../retention/ReasonModal";
import { countText } from "../search/summary";
import { recordingIdsOf } from "./recordingIds";

interface Props {
  /** Of the recording; without it the form asks. */
  recordingId?: string;
  onClose: () => void;
}

export function PlaceHoldModal({ recordingId, onClose }: Props) {
  const [draft, setDraft] = useState({ recordings: "", reason: "", case_number: "" });
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));
  const place = usePlaceHold(onClose);
  const { ids, unknown } = recordingIdsOf(recordingId ?? draft.recordings);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    place.mutate({ recording_ids: ids, reason: draft.reason, case_number: draft.case_number });
  };
  return (
    <Modal opened onClose={onClose} title="Place a hold">
      <form onSubmit={submit}>
        <Stack>
          <Text fz="sm">
            What is held is not purged, whatever its retention policy says, until every hold on it is
            released. A purge that is marked is cancelled.
          </Text>
          {recordingId === undefined && (
            <Textarea
              label="Recordings"
              description="Ids, or the addresses of their pages."
              required
              autosize
              minRows={2}
              maxRows={8}
              data-autofocus
              value={draft.recordings}
              error={unknown.length > 0 && `No recording: ${unknown.slice(0, 3).join(", ")}`}
              onChange={(event) => set({ recordings: event.currentTarget.value })}
            />
          )}
          <Textarea
            label="Reason"
            required
            autosize
            minRows={2}
            maxLength={MOST_CHARACTERS}
            {...(recordingId === undefined ? {} : { "data-autofocus": true })}
            value={draft.reason}
            onChange={(event) => set({ reason: event.currentTarget.value })}
          />
          <TextInput
            label="Case number"
            maxLength={100}
            value={draft.case_number}
            onChange={(event) => set({ case_number: event.currentTarget.value })}
          />
          {place.error && <ErrorNotice error={place.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={place.isPending}
              disabled={ids.length === 0 || unknown.length > 0 || draft.reason.trim() === ""}
            >
              {ids.length > 1 ? `Hold ${countText(ids.length, "recording")}` : "Place hold"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
