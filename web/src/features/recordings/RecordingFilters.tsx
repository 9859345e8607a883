/** The filter of the list lives in the address, so that it can be kept and sent to others. */
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useSearchParams } from "react-router";
import type { RecordingFilter } from "./queries";
import type { RecordingState } from "../../api/types";
import { RECORDING_STATE_WORDS } from "../../api/texts";
import { TEXTS } from "./texts";

const TYPING_MS = 300;
const KEYS = ["operator", "target", "after", "before", "state", "connected"] as const;
type Key = (typeof KEYS)[number];
const ANY = "any";

const STATES = Object.entries(RECORDING_STATE_WORDS).map(([value, { title }]) => ({ value, label: title }));

/**
 * The address's dates are days of the viewer's zone; the API takes moments. `before` includes its day. Connections that
 * failed before anything was shown are left out unless `connected=any`.
 */
export function filterOf(address: URLSearchParams): RecordingFilter {
  const filter: RecordingFilter = address.get("connected") === ANY ? {} : { connected: true };
  for (const key of ["operator", "target"] as const) {
    const value = address.get(key);
    if (value) filter[key] = value;
  }
  const state = address.get("state");
  if (isState(state)) filter.state = state;
  const after = dayOf(address.get("after"));
  if (after) filter.after = after.toISOString();
  const before = dayOf(address.get("before"));
  if (before) {
    before.setDate(before.getDate() + 1);
    filter.before = before.toISOString();
  }
  return filter;
}

/** Whether somebody has narrowed the list, beyond what it leaves out by itself. */
export function isNarrowed(filter: RecordingFilter): boolean {
  return Object.keys(filter).some((key) => key !== "connected");
}

function isState(text: string | null): text is RecordingState {
  return text !== null && Object.hasOwn(RECORDING_STATE_WORDS, text);
}

function dayOf(text: string | null): Date | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const day = new Date(`${text}T00:00:00`);
  return Number.isNaN(day.getTime()) ? null : day;
}

export function RecordingFilters() {
  const [address, setAddress] = useSearchParams();
  const set = (key: Key, value: string) =>
    setAddress(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === "") next.delete(key);
        else next.set(key, value);
        return next;
      },
      { replace: true },
    );
  const type = useDebouncedCallback(set, TYPING_MS);
  const filtered = KEYS.some((key) => address.has(key));
  return (
    <div className="filter-grid" key={filtered ? "filtered" : "all"}>
      <TextInput
        size="sm"
        label={TEXTS.operator}
        defaultValue={address.get("operator") ?? ""}
        onChange={(event) => type("operator", event.currentTarget.value.trim())}
      />
      <TextInput
        size="sm"
        label={TEXTS.target}
        defaultValue={address.get("target") ?? ""}
        onChange={(event) => type("target", event.currentTarget.value.trim())}
      />
      <DayInput label={TEXTS.from} value={address.get("after")} onChange={(day) => set("after", day)} />
      <DayInput label={TEXTS.to} value={address.get("before")} onChange={(day) => set("before", day)} />
      <Select
        size="sm"
        label={TEXTS.state}
        clearable
        placeholder={TEXTS.any}
        data={STATES}
        value={address.get("state")}
        onChange={(state) => set("state", state ?? "")}
      />
      <Switch
        size="sm"
        mb={8}
        label={TEXTS.connectedOnly}
        title={TEXTS.connectedOnlyMeans}
        checked={address.get("connected") !== ANY}
        onChange={(event) => set("connected", event.currentTarget.checked ? "" : ANY)}
      />
      {filtered && (
        <Button size="sm" variant="subtle" color="gray" onClick={() => setAddress({})}>
          {TEXTS.clear}
        </Button>
      )}
    </div>
  );
}

interface DayProps {
  label: string;
  value: string | null;
  onChange: (day: string) => void;
}

function DayInput({ label, value, onChange }: DayProps) {
  return (
    <TextInput
      size="sm"
      type="date"
      label={label}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
