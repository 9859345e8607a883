/** What a redacted copy must not show. */
import { Alert, Checkbox, Select, TagsInput } from "@mantine/core";
import { MOST_RULES } from "./draft";
import type { FieldProps } from "./fields";
import { RegionPicker } from "./RegionPicker";

const CONFIDENCES = [
  { value: "0", label: "Leave them" },
  { value: "0.5", label: "Cover what is below 50 %" },
  { value: "0.7", label: "Cover what is below 70 %" },
  { value: "0.85", label: "Cover what is below 85 %" },
];

export function RuleFields(props: FieldProps) {
  const { form } = props;
  const { draft, set } = form;
  return (
    <>
      <TagsInput
        label="Terms"
        description="Words or phrases, misread ones too. Enter after each."
        maxTags={MOST_RULES}
        splitChars={[]}
        acceptValueOnBlur
        {...form.field("terms")}
        onChange={(terms) => set({ terms })}
      />
      <TagsInput
        label="Patterns"
        description="Regular expressions (RE2), e.g. \d{4}-\d{4}. Enter after each."
        maxTags={MOST_RULES}
        splitChars={[]}
        acceptValueOnBlur
        {...form.field("patterns")}
        onChange={(patterns) => set({ patterns })}
        styles={{ pill: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <RegionPicker {...props} />
      <Select
        label="Lines that were not read well"
        description="Nobody knows what they say; a term in them may not have been found."
        data={CONFIDENCES}
        allowDeselect={false}
        value={String(draft.minConfidence)}
        onChange={(value) => set({ minConfidence: Number(value ?? 0) })}
      />
      <Checkbox
        label="Say in the copy's list what terms and patterns were covered"
        description="Otherwise it numbers them, and gives nothing away."
        checked={draft.nameRules}
        onChange={(event) => set({ nameRules: event.currentTarget.checked })}
      />
      <Alert variant="light" color="yellow" p="xs">
        Terms and patterns cover what the text engine read. Look at the copy before it leaves the house: text
        in pictures, handwriting or unusual letters needs a region.
      </Alert>
    </>
  );
}
