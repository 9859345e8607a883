import { Anchor, Button, Group, Paper, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Lock, LockKeyhole } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { PageHeader } from "../../elements/PageHeader";
import { Time } from "../../elements/Time";
import { HoldLine } from "./HoldLine";
import { PlaceHoldModal } from "./PlaceHoldModal";
import { type HoldFilter, holdsQuery } from "./queries";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

const TYPING_MS = 300;
const SHOWN: Record<string, HoldFilter> = { active: { active: true }, released: { active: false }, all: {} };

export function HoldsPage() {
  const may = useMay();
  const [shown, setShown] = useState("active");
  const [caseNumber, setCaseNumber] = useState("");
  const [typed] = useDebouncedValue(caseNumber.trim(), TYPING_MS);
  const [placing, setPlacing] = useState(false);
  const filter = { ...SHOWN[shown], ...(typed === "" ? {} : { case_number: typed }) };
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(holdsQuery(filter));
  const holds = data?.pages.flatMap((page) => page.items) ?? [];
  const place = may("hold.manage") && (
    <Button leftSection={<LockKeyhole size={16} />} onClick={() => setPlacing(true)}>
      {TEXTS.placeAHold}
    </Button>
  );
  return (
    <>
      <PageHeader title={TEXTS.holds} lead={TEXTS.lead}>
        {place}
      </PageHeader>
      <Group mb="md" gap="sm">
        <SegmentedControl
          aria-label={TEXTS.holds}
          value={shown}
          onChange={setShown}
          data={[
            { value: "active", label: TEXTS.active },
            { value: "released", label: TEXTS.released },
            { value: "all", label: TEXTS.all },
          ]}
        />
        <TextInput
          aria-label={TEXTS.caseNumber}
          placeholder={TEXTS.caseNumber}
          w={200}
          value={caseNumber}
          onChange={(event) => setCaseNumber(event.currentTarget.value)}
        />
      </Group>
      {isPending && <RowsLoading count={3} height={84} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && holds.length === 0 && (
        <EmptyState icon={Lock} title={typed === "" ? TEXTS.noHoldsHere : TEXTS.noHoldOfSuch}>
          {TEXTS.holdKeepsRecordingWhatever}
        </EmptyState>
      )}
      <Stack gap="sm" role="list" aria-label={TEXTS.holds}>
        {holds.map((hold) => (
          <Paper key={hold.id} role="listitem" p="md">
            <HoldLine
              hold={hold}
              title={
                <>
                  <Anchor component={Link} to={`/recordings/${hold.recording_id}`} fw={600}>
                    {TEXTS.operatorOnTarget(hold.operator_name, hold.target_name)}
                  </Anchor>
                  <Text fz="sm" c="dimmed" component="span">
                    <Time at={hold.started_at} />
                  </Text>
                </>
              }
            />
          </Paper>
        ))}
      </Stack>
      <MoreButton {...paging} />
      {placing && <PlaceHoldModal onClose={() => setPlacing(false)} />}
    </>
  );
}
