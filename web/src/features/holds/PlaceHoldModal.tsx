/** Places a hold on one recording, or on several that are pasted in. */
import { Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { FormEnd } from "../../elements/FormEnd";
import { type Rules, useForm } from "../../elements/useForm";
import { atMost } from "../../format/rules";
import { reasonRule } from "../../elements/ReasonModal";
import { countText } from "../../format/count";
import { recordingIdsOf } from "./recordingIds";
import { usePlaceHold } from "./mutations";

interface Props {
  /** Of the recording; without it the form asks. */
  recordingId?: string;
  onClose: () => void;
}

interface Draft {
  recording_ids: string;
  reason: string;
  case_number: string;
}

function recordingsRule(text: string): string | null {
  const { ids, unknown } = recordingIdsOf(text);
  if (unknown.length > 0) return `Not the id or address of a recording: ${unknown.slice(0, 3).join(", ")}.`;
  return ids.length === 0 ? "Required." : null;
}

const RULES: Rules<Draft> = { recording_ids: recordingsRule, reason: reasonRule, case_number: atMost(100) };

export function PlaceHoldModal({ recordingId, onClose }: Props) {
  const place = usePlaceHold(onClose);
  const initial = { recording_ids: recordingId ?? "", reason: "", case_number: "" };
  const form = useForm<Draft>(initial, RULES, {
    mutate: (draft) => place.mutate({ ...draft, recording_ids: recordingIdsOf(draft.recording_ids).ids }),
    error: place.error,
    isPending: place.isPending,
  });
  const { ids } = recordingIdsOf(form.draft.recording_ids);
  const action = ids.length > 1 ? `Hold ${countText(ids.length, "recording")}` : "Place hold";
  return (
    <Modal opened onClose={onClose} title="Place a hold">
      <form {...form.form}>
        <Stack>
          <Text fz="sm">
            A recording on hold is not purged, whatever its retention policy says, until every hold on it is
            released. If it is marked for purge, the mark is cancelled.
          </Text>
          {recordingId === undefined && (
            <Textarea
              label="Recordings"
              description="Ids or addresses of their pages."
              required
              autosize
              minRows={2}
              maxRows={8}
              data-autofocus
              {...form.text("recording_ids")}
            />
          )}
          <Textarea
            label="Reason"
            required
            autosize
            minRows={2}
            {...(recordingId === undefined ? {} : { "data-autofocus": true })}
            {...form.text("reason")}
          />
          <TextInput label="Case number" {...form.text("case_number")} />
          <FormEnd {...form} action={action} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
