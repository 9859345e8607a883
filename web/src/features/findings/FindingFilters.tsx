/** What the findings shown are narrowed by; the address holds it. */
import { CloseButton, Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useSearchParams } from "react-router";
import type { FindingFilter } from "./queries";
import type { WatchTerm } from "../../api/types";
import { VERDICTS } from "./address";
import { VERDICT_WORDS } from "./texts";
import { TEXTS } from "./texts";

interface Props {
  filter: FindingFilter;
  terms: readonly WatchTerm[];
}

export function FindingFilters({ filter, terms }: Props) {
  const [, setAddress] = useSearchParams();
  const set = (name: keyof FindingFilter, value: string | null) =>
    setAddress(
      (before) => {
        if (value === null) before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  return (
    <Group mb="md" gap="sm">
      <SegmentedControl
        aria-label={TEXTS.verdict}
        data={[
          ...VERDICTS.map((value) => ({ value, label: VERDICT_WORDS[value].title })),
          { value: "all", label: TEXTS.all },
        ]}
        value={filter.verdict ?? "all"}
        onChange={(value) => set("verdict", value)}
      />
      <Select
        aria-label={TEXTS.watchTerm}
        placeholder={TEXTS.anyWatchTerm}
        w={220}
        clearable
        searchable
        data={terms.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.watch_term_id ?? null}
        onChange={(id) => set("watch_term_id", id)}
      />
      <Name label={TEXTS.operator} value={filter.operator} onChange={(name) => set("operator", name)} />
      <Name label={TEXTS.target} value={filter.target} onChange={(name) => set("target", name)} />
      <Day label={TEXTS.from} value={filter.after} onChange={(day) => set("after", day)} />
      <Day label={TEXTS.before} value={filter.before} onChange={(day) => set("before", day)} />
      {filter.recording_id !== undefined && (
        <Group gap={2} fz="sm">
          {TEXTS.oneRecordingOnly}
          <CloseButton
            size="sm"
            aria-label={TEXTS.findingsOfAllRecordings}
            onClick={() => set("recording_id", null)}
          />
        </Group>
      )}
    </Group>
  );
}

interface FieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | null) => void;
}

/** A whole name; taken over with Enter or on leaving the field. */
function Name({ label, value, onChange }: FieldProps) {
  const take = (field: HTMLInputElement) => {
    const name = field.value.trim();
    if (name !== (value ?? "")) onChange(name === "" ? null : name);
  };
  return (
    <TextInput
      key={value ?? ""}
      aria-label={label}
      placeholder={TEXTS.any(label.toLowerCase())}
      w={150}
      maxLength={100}
      defaultValue={value ?? ""}
      onBlur={(event) => take(event.currentTarget)}
      onKeyDown={(event) => event.key === "Enter" && take(event.currentTarget)}
    />
  );
}

/** A day in UTC, as the times of findings are compared. */
function Day({ label, value, onChange }: FieldProps) {
  return (
    <TextInput
      type="date"
      aria-label={TEXTS.utc(label)}
      title={TEXTS.utc(label)}
      w={150}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value === "" ? null : event.currentTarget.value)}
    />
  );
}
