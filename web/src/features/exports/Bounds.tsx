/** From when to when, typed or taken from where the player is. */
import { Button, Group, TextInput } from "@mantine/core";
import { LocateFixed } from "lucide-react";
import type { Field } from "../../elements/useForm";
import type { FieldProps } from "./fields";
import { momentText } from "./moment";
import { TEXTS } from "./texts";

export function Bounds({ form, recording, timeNow }: FieldProps) {
  const { draft, set } = form;
  const end = momentText(recording.duration_ms ?? 0);
  const isClip = draft.kind === "clip";
  return (
    <Group grow align="flex-start">
      <Moment
        label={TEXTS.fromField}
        placeholder="0:00"
        field={form.field("from")}
        onChange={(from) => set({ from })}
        timeNow={timeNow}
      />
      <Moment
        label={TEXTS.toField}
        placeholder={isClip ? TEXTS.atMost(end) : end}
        field={form.field("to")}
        onChange={(to) => set({ to })}
        timeNow={timeNow}
      />
    </Group>
  );
}

interface MomentProps {
  label: string;
  placeholder: string;
  field: Field<string>;
  onChange: (text: string) => void;
  timeNow: () => number;
}

function Moment({ label, placeholder, field, onChange, timeNow }: MomentProps) {
  return (
    <div>
      <TextInput
        label={label}
        placeholder={placeholder}
        {...field}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Button
        mt={4}
        variant="subtle"
        size="compact-xs"
        leftSection={<LocateFixed size={12} />}
        onClick={() => onChange(momentText(timeNow()))}
        aria-label={TEXTS.useCurrentPositionFor(label)}
      >
        {TEXTS.useCurrentPosition}
      </Button>
    </div>
  );
}
