/** What recordings take here, how fast storage fills, and what a plan would need: all from the site's own history. */
import { Alert, Group, NumberInput, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { capacityQuery, type PlanInput } from "./queries";
import type { Capacity, CapacityForecast, CapacityMeasure } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { PageHeader } from "../../elements/PageHeader";
import { bytesText } from "../../format/bytes";
import { FillChart } from "./FillChart";
import { dateText, dayText, signedBytes } from "./figures";
import "../storage/storage.css";
import { Panel } from "../../elements/Panel";
import { Figure } from "../../elements/Figure";

const TYPING_MS = 300;

export function CapacityPage() {
  const [input, setInput] = useState<PlanInput>({ sessions: 10, hours_per_day: 8 });
  const [plan] = useDebouncedValue(input, TYPING_MS);
  const { data, isPending, error, refetch } = useQuery(capacityQuery(plan));
  return (
    <>
      <PageHeader
        title="Capacity"
        lead="What recordings take here, how fast storage fills, and what a plan would need."
      />
      {isPending && <RowsLoading height={96} count={3} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && (
        <Stack gap="lg">
          <GrowthFigures capacity={data} />
          <Panel title="Planner">
            <Stack gap="md">
              <Inputs input={input} onChange={setInput} capacity={data} />
              {data.forecast ? (
                <Forecast forecast={data.forecast} capacity={data} />
              ) : (
                <Alert color="gray" variant="light" title="No forecast yet">
                  {data.forecast_missing}.
                </Alert>
              )}
            </Stack>
          </Panel>
          <Measures capacity={data} />
        </Stack>
      )}
    </>
  );
}

function GrowthFigures({ capacity: { now, growth, growth_missing } }: { capacity: Capacity }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <Figure name="Hot storage" value={bytesText(now.hot_bytes)}>
        {growth ? `${signedBytes(growth.hot_per_day)} a day` : "growth not known yet"}
      </Figure>
      <Figure name="Archive" value={bytesText(now.archive_bytes)}>
        {growth ? `${signedBytes(growth.archive_per_day)} a day` : "growth not known yet"}
      </Figure>
      <Figure name="Disk is full" value={growth ? fullText(growth.days_until_full) : "not known yet"}>
        {growth ? (
          <>
            {growth.full_at !== null && <>about {dateText(new Date(growth.full_at))}, </>}
            by {growth.sample_count.toLocaleString()} samples of {growth.days.toFixed(0)} days;{" "}
            {bytesText(now.free_bytes)} are free
          </>
        ) : (
          `${growth_missing}.`
        )}
      </Figure>
    </SimpleGrid>
  );
}

function fullText(days: number | null): string {
  return days === null ? "not filling" : `in ${dayText(days)}`;
}

interface InputsProps {
  input: PlanInput;
  onChange: (input: PlanInput) => void;
  capacity: Capacity;
}

function Inputs({ input, onChange, capacity: { plan, by_protocol } }: InputsProps) {
  const set = (name: keyof PlanInput, value: number | string | null) => {
    const next = Object.entries({ ...input, [name]: value }).filter(([, one]) => one !== null && one !== "");
    onChange(Object.fromEntries(next) as unknown as PlanInput);
  };
  const protocols = by_protocol.flatMap(({ protocol }) =>
    protocol === null || protocol === "" ? [] : [protocol],
  );
  const required = (name: "sessions" | "hours_per_day") => (value: number | string) =>
    typeof value === "number" && set(name, value);
  return (
    <div className="plan-grid">
      <NumberInput
        label="Concurrent sessions"
        min={0}
        max={100_000}
        clampBehavior="strict"
        value={input.sessions}
        onChange={required("sessions")}
      />
      <NumberInput
        label="Hours a day"
        min={0}
        max={24}
        clampBehavior="strict"
        value={input.hours_per_day}
        onChange={required("hours_per_day")}
      />
      <NumberInput
        label="Days on hot storage"
        min={0}
        max={36_525}
        clampBehavior="strict"
        placeholder={String(plan.hot_days)}
        value={input.hot_days ?? ""}
        onChange={(value) => set("hot_days", value)}
      />
      <NumberInput
        label="Days kept altogether"
        min={0}
        max={36_525}
        clampBehavior="strict"
        placeholder={String(plan.retention_days)}
        value={input.retention_days ?? ""}
        onChange={(value) => set("retention_days", value)}
      />
      <Select
        label="By the recordings of"
        placeholder="All protocols"
        clearable
        data={protocols.map((value) => ({ value, label: value.toUpperCase() }))}
        value={input.protocol ?? null}
        onChange={(value) => set("protocol", value)}
      />
    </div>
  );
}

function Forecast({ forecast, capacity }: { forecast: CapacityForecast; capacity: Capacity }) {
  const { plan } = capacity;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Need
          name={`Hot storage, ${dayText(plan.hot_days)} kept`}
          perDay={forecast.hot_per_day}
          need={forecast.hot}
          note={
            forecast.fits
              ? `Fits: there is room for ${bytesText(forecast.room_bytes)}.`
              : `Does not fit: the room of ${bytesText(forecast.room_bytes)} is full after ${dayText(forecast.days_until_full ?? 0)}.`
          }
          isBad={!forecast.fits}
        />
        <Need
          name={`Archive, ${dayText(plan.retention_days)} kept`}
          perDay={forecast.archive_per_day}
          need={forecast.archive}
          note={
            forecast.archive_from_hot
              ? "Nothing is archived yet: a copy of every file was counted."
              : "By what archived recordings take, compressed as they are."
          }
        />
      </SimpleGrid>
      <FillChart forecast={forecast} plan={plan} />
      <Text fz="xs" c="dimmed">
        Expected: all bytes by all session-hours of the last {capacity.history_days} days. Heavy: if every
        session were like the heaviest 5 % here. Room: what is free above the floor of{" "}
        {bytesText(capacity.floor_bytes)}, and what recordings on hot storage hold now.
      </Text>
    </>
  );
}

interface NeedProps {
  name: string;
  perDay: number;
  need: CapacityForecast["hot"];
  note: string;
  isBad?: boolean;
}

function Need({ name, perDay, need, note, isBad = false }: NeedProps) {
  return (
    <Figure name={name} value={bytesText(Math.round(need.expected))}>
      {bytesText(Math.round(perDay))} a day; heavy: {bytesText(Math.round(need.heavy))}
      <Text fz="sm" {...(isBad ? { c: "red", fw: 560 } : {})}>
        {note}
      </Text>
    </Figure>
  );
}

function Measures({ capacity }: { capacity: Capacity }) {
  const rows = [...(capacity.whole ? [capacity.whole] : []), ...capacity.by_protocol, ...capacity.by_target];
  return (
    <Panel title={`Storage of a session-hour, last ${capacity.history_days} days`}>
      {rows.length === 0 ? (
        <Text fz="sm" c="dimmed">
          No recording of a minute or more yet.
        </Text>
      ) : (
        <DataTable
          label="Storage of a session-hour"
          fz="sm"
          verticalSpacing={8}
          columns={COLUMNS}
          rows={rows}
          keyOf={(row) => `${row.target_name}/${row.protocol}`}
        />
      )}
    </Panel>
  );
}

const COLUMNS: Column<CapacityMeasure>[] = [
  { title: "Recordings of", cell: (row) => <Subject row={row} /> },
  { title: "Number", isNumber: true, cell: ({ recording_count }) => recording_count.toLocaleString() },
  { title: "Hours", isNumber: true, cell: ({ hours }) => hours.toFixed(1) },
  { title: "Original", isNumber: true, cell: ({ original }) => <Rate rate={original} /> },
  { title: "Renditions", isNumber: true, cell: ({ renditions }) => <Rate rate={renditions} /> },
  { title: "Archive", isNumber: true, cell: ({ archive }) => <Rate rate={archive} /> },
];

function Subject({ row }: { row: CapacityMeasure }) {
  return (
    <Group gap={6}>
      <Text inherit fw={row.target_name === null ? 600 : 450}>
        {row.target_name ?? (row.protocol === null ? "All" : row.protocol.toUpperCase() || "Imported")}
      </Text>
      {row.target_name !== null && (
        <Text fz="xs" c="dimmed">
          {row.protocol?.toUpperCase()}
        </Text>
      )}
    </Group>
  );
}

function Rate({ rate }: { rate: CapacityMeasure["archive"] }) {
  if (rate === null) {
    return (
      <Text inherit c="dimmed">
        none yet
      </Text>
    );
  }
  return (
    <>
      {bytesText(Math.round(rate.median))}
      <Text fz="xs" c="dimmed">
        95 %: {bytesText(Math.round(rate.p95))}
      </Text>
    </>
  );
}
