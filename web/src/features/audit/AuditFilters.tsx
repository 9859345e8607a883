import { Button, CloseButton, Group, MultiSelect, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useSearchParams } from "react-router";
import { type Key, KEYS } from "./address";
import "./audit.css";
import { TAG_CHOICES } from "./texts";
import { Sentence } from "../../elements/Sentence";
import { TEXTS } from "./texts";

const TYPING_MS = 300;

export function AuditFilters() {
  const [address, setAddress] = useSearchParams();
  const set = (key: Key, values: readonly string[]) =>
    setAddress(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete(key);
        for (const value of values.filter(Boolean)) next.append(key, value);
        return next;
      },
      { replace: true },
    );
  const type = useDebouncedCallback((key: Key, text: string) => set(key, [text.trim()]), TYPING_MS);
  const filtered = KEYS.some((key) => address.has(key));
  const subject = address.get("subject");
  return (
    <>
      <div className="audit-filters" key={filtered ? "filtered" : "all"}>
        <MultiSelect
          label={TEXTS.events}
          className="audit-filter-wide"
          placeholder={address.has("tag") ? "" : TEXTS.any}
          clearable
          searchable
          data={TAG_CHOICES}
          value={address.getAll("tag")}
          onChange={(tags) => set("tag", tags)}
        />
        <TextInput
          label={TEXTS.actor}
          defaultValue={address.get("actor") ?? ""}
          onChange={(event) => type("actor", event.currentTarget.value)}
        />
        <TextInput
          label={TEXTS.text}
          placeholder={TEXTS.inDetails}
          defaultValue={address.get("text") ?? ""}
          onChange={(event) => type("text", event.currentTarget.value)}
        />
        <DayInput label={TEXTS.from} value={address.get("after")} onChange={(day) => set("after", [day])} />
        <DayInput label={TEXTS.to} value={address.get("before")} onChange={(day) => set("before", [day])} />
        {filtered && (
          <Button variant="subtle" color="gray" onClick={() => setAddress({})}>
            {TEXTS.clear}
          </Button>
        )}
      </div>
      {subject !== null && (
        <Group gap={4} fz="sm" mb="md">
          <Text inherit>
            <Sentence
              text={TEXTS.onlyEventsAbout}
              parts={{
                subject: (
                  <Text span inherit ff="monospace">
                    {subject}
                  </Text>
                ),
              }}
            />
          </Text>
          <CloseButton size="sm" aria-label={TEXTS.eventsAboutAnything} onClick={() => set("subject", [])} />
        </Group>
      )}
    </>
  );
}

function DayInput(props: { label: string; value: string | null; onChange: (day: string) => void }) {
  return (
    <TextInput
      type="date"
      label={props.label}
      value={props.value ?? ""}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
