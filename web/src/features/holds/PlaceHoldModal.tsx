/** Places a hold on one recording, or on several that are pasted in. */
import { Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { FormEnd } from "../../elements/FormEnd";
import { type Rules, useForm } from "../../elements/useForm";
import { atMost } from "../../format/rules";
import { reasonRule } from "../../elements/ReasonModal";
import { recordingIdsOf } from "./recordingIds";
import { usePlaceHold } from "./mutations";
import { TEXTS } from "./texts";

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
  if (unknown.length > 0) return TEXTS.notIdOrAddress(unknown.slice(0, 3).join(", "));
  return ids.length === 0 ? TEXTS.required : null;
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
  const action = ids.length > 1 ? TEXTS.hold(TEXTS.recordingCount(ids.length)) : TEXTS.placeHold;
  return (
    <Modal opened onClose={onClose} title={TEXTS.placeAHold}>
      <form {...form.form}>
        <Stack>
          <Text fz="sm">{TEXTS.recordingOnHoldIs}</Text>
          {recordingId === undefined && (
            <Textarea
              label={TEXTS.recordings}
              description={TEXTS.idsOrAddressesOf}
              required
              autosize
              minRows={2}
              maxRows={8}
              data-autofocus
              {...form.text("recording_ids")}
            />
          )}
          <Textarea
            label={TEXTS.reason}
            required
            autosize
            minRows={2}
            {...(recordingId === undefined ? {} : { "data-autofocus": true })}
            {...form.text("reason")}
          />
          <TextInput label={TEXTS.caseNumber} {...form.text("case_number")} />
          <FormEnd {...form} action={action} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
