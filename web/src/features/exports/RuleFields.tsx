/** What a redacted copy must not show. */
import { Alert, Checkbox, Select, TagsInput } from "@mantine/core";
import { MOST_RULES } from "./draft";
import type { FieldProps } from "./fields";
import { RegionPicker } from "./RegionPicker";
import { TEXTS } from "./texts";

const CONFIDENCES = [
  { value: "0", label: TEXTS.leaveThem },
  { value: "0.5", label: TEXTS.coverWhatIsBelow },
  { value: "0.7", label: TEXTS.coverWhatIsBelow70 },
  { value: "0.85", label: TEXTS.coverWhatIsBelow85 },
];

export function RuleFields(props: FieldProps) {
  const { form } = props;
  const { draft, set } = form;
  return (
    <>
      <TagsInput
        label={TEXTS.terms}
        description={TEXTS.wordsOrPhrasesMisread}
        maxTags={MOST_RULES}
        splitChars={[]}
        acceptValueOnBlur
        {...form.field("terms")}
        onChange={(terms) => set({ terms })}
      />
      <TagsInput
        label={TEXTS.patterns}
        description={TEXTS.regularExpressionsRe2E}
        maxTags={MOST_RULES}
        splitChars={[]}
        acceptValueOnBlur
        {...form.field("patterns")}
        onChange={(patterns) => set({ patterns })}
        styles={{ pill: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <RegionPicker {...props} />
      <Select
        label={TEXTS.linesThatWereNot}
        description={TEXTS.nobodyKnowsWhatThey}
        data={CONFIDENCES}
        allowDeselect={false}
        value={String(draft.minConfidence)}
        onChange={(value) => set({ minConfidence: Number(value ?? 0) })}
      />
      <Checkbox
        label={TEXTS.sayInCopysList}
        description={TEXTS.otherwiseNumbered}
        checked={draft.nameRules}
        onChange={(event) => set({ nameRules: event.currentTarget.checked })}
      />
      <Alert variant="light" color="yellow" p="xs">
        {TEXTS.termsAndPatternsCover}
      </Alert>
    </>
  );
}
