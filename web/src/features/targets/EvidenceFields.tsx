/** How recordings of a target are made, kept and searched. */
import { Fieldset, Select, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import type { Target } from "../../api/types";
import type { Form } from "../../elements/useForm";
import { RISK_CLASS_WORDS } from "../../api/words";
import type { Draft } from "./draft";

const POLICIES: Record<Target["recording_policy"], { title: string; does: string }> = {
  strict: {
    title: "Strict: end the session",
    does: "A session that cannot be recorded any more ends at once.",
  },
  degrade: {
    title: "Degrade: go on with a gap",
    does: "The session goes on; what is missing becomes a signed gap and an audit event.",
  },
};

export function EvidenceFields({ form }: { form: Form<Draft> }) {
  const { draft, set } = form;
  return (
    <Fieldset legend="Recording">
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label="Risk class"
            description="Retention policies go by it."
            inputWrapperOrder={["label", "input", "description", "error"]}
            allowDeselect={false}
            data={choices(RISK_CLASS_WORDS)}
            value={draft.risk_class}
            onChange={(risk_class) => risk_class && set({ risk_class })}
          />
          <TextInput
            label="Group"
            description="A word of your own that retention policies can go by."
            inputWrapperOrder={["label", "input", "description", "error"]}
            {...form.text("target_group")}
          />
        </SimpleGrid>
        <Select
          label="When recording fails"
          description={POLICIES[draft.recording_policy].does}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          data={choices(POLICIES)}
          value={draft.recording_policy}
          onChange={(recording_policy) => recording_policy && set({ recording_policy })}
        />
        <Switch
          label="Record what is typed and pasted"
          description="Off keeps what is typed and pasted at the target, passwords among it, out of the recording and of search."
          checked={draft.record_keys}
          onChange={(event) => set({ record_keys: event.currentTarget.checked })}
        />
        <Switch
          label="Text searchable"
          description="Off keeps what is shown on the screen out of search and findings. The recording itself stays complete."
          checked={draft.index_text}
          onChange={(event) => set({ index_text: event.currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  );
}

function choices<Value extends string>(words: Record<Value, { title: string }>) {
  return (Object.keys(words) as Value[]).map((value) => ({ value, label: words[value].title }));
}
