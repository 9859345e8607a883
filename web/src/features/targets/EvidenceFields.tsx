/** How recordings of a target are made, kept and searched. */
import { Fieldset, Select, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import type { Target } from "../../api/types";
import type { Form } from "../../elements/useForm";
import { RISK_CLASS_WORDS } from "../../api/texts";
import type { Draft } from "./draft";
import { TEXTS } from "./texts";

const POLICIES: Record<Target["recording_policy"], { title: string; does: string }> = {
  strict: {
    title: TEXTS.strictEndSession,
    does: TEXTS.sessionThatCannotBe,
  },
  degrade: {
    title: TEXTS.degradeGoOnWith,
    does: TEXTS.sessionGoesOnWhat,
  },
};

export function EvidenceFields({ form }: { form: Form<Draft> }) {
  const { draft, set } = form;
  return (
    <Fieldset legend={TEXTS.recording}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label={TEXTS.riskClass}
            description={TEXTS.retentionPoliciesGoBy}
            inputWrapperOrder={["label", "input", "description", "error"]}
            allowDeselect={false}
            data={choices(RISK_CLASS_WORDS)}
            value={draft.risk_class}
            onChange={(risk_class) => risk_class && set({ risk_class })}
          />
          <TextInput
            label={TEXTS.group}
            description={TEXTS.wordOfYourOwn}
            inputWrapperOrder={["label", "input", "description", "error"]}
            {...form.text("target_group")}
          />
        </SimpleGrid>
        <Select
          label={TEXTS.whenRecordingFails}
          description={POLICIES[draft.recording_policy].does}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          data={choices(POLICIES)}
          value={draft.recording_policy}
          onChange={(recording_policy) => recording_policy && set({ recording_policy })}
        />
        <Switch
          label={TEXTS.recordWhatIsTyped}
          description={TEXTS.offKeepsWhatIs}
          checked={draft.record_keys}
          onChange={(event) => set({ record_keys: event.currentTarget.checked })}
        />
        <Switch
          label={TEXTS.textSearchable}
          description={TEXTS.offKeepsWhatIsShown}
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
