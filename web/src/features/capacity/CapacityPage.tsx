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
import { TEXTS } from "./texts";

const TYPING_MS = 300;

export function CapacityPage() {
  const [input, setInput] = useState<PlanInput>({ sessions: 10, hours_per_day: 8 });
  const [plan] = useDebouncedValue(input, TYPING_MS);
  const { data, isPending, error, refetch } = useQuery(capacityQuery(plan));
  return (
    <>
      <PageHeader title={TEXTS.capacity} lead={TEXTS.lead} />
      {isPending && <RowsLoading height={96} count={3} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && (
        <Stack gap="lg">
          <GrowthFigures capacity={data} />
          <Panel title={TEXTS.planner}>
            <Stack gap="md">
              <Inputs input={input} onChange={setInput} capacity={data} />
              {data.forecast ? (
                <Forecast forecast={data.forecast} capacity={data} />
              ) : (
                <Alert color="gray" variant="light" title={TEXTS.noForecastYet}>
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
      <Figure name={TEXTS.hotStorage} value={bytesText(now.hot_bytes)}>
        {growth ? TEXTS.perDay(signedBytes(growth.hot_per_day)) : TEXTS.growthNotKnownYet}
      </Figure>
      <Figure name={TEXTS.archive} value={bytesText(now.archive_bytes)}>
        {growth ? TEXTS.perDay(signedBytes(growth.archive_per_day)) : TEXTS.growthNotKnownYet}
      </Figure>
      <Figure name={TEXTS.diskIsFull} value={growth ? fullText(growth.days_until_full) : TEXTS.notKnownYet}>
        {growth ? (
          <>
            {growth.full_at !== null && <>{TEXTS.about(dateText(new Date(growth.full_at)))} </>}
            {TEXTS.basis(
              growth.sample_count.toLocaleString(),
              growth.days.toFixed(0),
              bytesText(now.free_bytes),
            )}
          </>
        ) : (
          `${growth_missing}.`
        )}
      </Figure>
    </SimpleGrid>
  );
}

function fullText(days: number | null): string {
  return days === null ? TEXTS.notFilling : TEXTS.fullIn(dayText(days));
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
        label={TEXTS.concurrentSessions}
        min={0}
        max={100_000}
        clampBehavior="strict"
        value={input.sessions}
        onChange={required("sessions")}
      />
      <NumberInput
        label={TEXTS.hoursPerDay}
        min={0}
        max={24}
        clampBehavior="strict"
        value={input.hours_per_day}
        onChange={required("hours_per_day")}
      />
      <NumberInput
        label={TEXTS.daysOnHotStorage}
        min={0}
        max={36_525}
        clampBehavior="strict"
        placeholder={String(plan.hot_days)}
        value={input.hot_days ?? ""}
        onChange={(value) => set("hot_days", value)}
      />
      <NumberInput
        label={TEXTS.daysKeptAltogether}
        min={0}
        max={36_525}
        clampBehavior="strict"
        placeholder={String(plan.retention_days)}
        value={input.retention_days ?? ""}
        onChange={(value) => set("retention_days", value)}
      />
      <Select
        label={TEXTS.byRecordingsOf}
        placeholder={TEXTS.allProtocols}
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
          name={TEXTS.hotStorageKept(dayText(plan.hot_days))}
          perDay={forecast.hot_per_day}
          need={forecast.hot}
          note={
            forecast.fits
              ? TEXTS.fitsThereIsRoom(bytesText(forecast.room_bytes))
              : TEXTS.doesNotFitRoom(bytesText(forecast.room_bytes), dayText(forecast.days_until_full ?? 0))
          }
          isBad={!forecast.fits}
        />
        <Need
          name={TEXTS.archiveKept(dayText(plan.retention_days))}
          perDay={forecast.archive_per_day}
          need={forecast.archive}
          note={forecast.archive_from_hot ? TEXTS.nothingIsArchivedYet : TEXTS.byWhatArchivedRecordings}
        />
      </SimpleGrid>
      <FillChart forecast={forecast} plan={plan} />
      <Text fz="xs" c="dimmed">
        {TEXTS.explanation(capacity.history_days, bytesText(capacity.floor_bytes))}
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
      {TEXTS.perDayAndHeavy(bytesText(Math.round(perDay)), bytesText(Math.round(need.heavy)))}
      <Text fz="sm" {...(isBad ? { c: "red", fw: 560 } : {})}>
        {note}
      </Text>
    </Figure>
  );
}

function Measures({ capacity }: { capacity: Capacity }) {
  const rows = [...(capacity.whole ? [capacity.whole] : []), ...capacity.by_protocol, ...capacity.by_target];
  return (
    <Panel title={TEXTS.storageOfSessionHourLast(capacity.history_days)}>
      {rows.length === 0 ? (
        <Text fz="sm" c="dimmed">
          {TEXTS.noRecordingYet}
        </Text>
      ) : (
        <DataTable
          label={TEXTS.storageOfSessionHour}
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
  { title: TEXTS.recordingsOf, cell: (row) => <Subject row={row} /> },
  { title: TEXTS.number, isNumber: true, cell: ({ recording_count }) => recording_count.toLocaleString() },
  { title: TEXTS.hours, isNumber: true, cell: ({ hours }) => hours.toFixed(1) },
  { title: TEXTS.original, isNumber: true, cell: ({ original }) => <Rate rate={original} /> },
  { title: TEXTS.renditions, isNumber: true, cell: ({ renditions }) => <Rate rate={renditions} /> },
  { title: TEXTS.archive, isNumber: true, cell: ({ archive }) => <Rate rate={archive} /> },
];

function Subject({ row }: { row: CapacityMeasure }) {
  return (
    <Group gap={6}>
      <Text inherit fw={row.target_name === null ? 600 : 450}>
        {row.target_name ??
          (row.protocol === null ? TEXTS.all : row.protocol.toUpperCase() || TEXTS.imported)}
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
        {TEXTS.noneYet}
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
