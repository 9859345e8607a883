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
      Place a hold
    </Button>
  );
  return (
    <>
      <PageHeader title="Holds" lead="What must not be purged, and why. Holds are released, never deleted.">
        {place}
      </PageHeader>
      <Group mb="md" gap="sm">
        <SegmentedControl
          aria-label="Holds"
          value={shown}
          onChange={setShown}
          data={[
            { value: "active", label: "Active" },
            { value: "released", label: "Released" },
            { value: "all", label: "All" },
          ]}
        />
        <TextInput
          aria-label="Case number"
          placeholder="Case number"
          w={200}
          value={caseNumber}
          onChange={(event) => setCaseNumber(event.currentTarget.value)}
        />
      </Group>
      {isPending && <RowsLoading count={3} height={84} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && holds.length === 0 && (
        <EmptyState icon={Lock} title={typed === "" ? "No holds here" : "No hold of such a case"}>
          A hold keeps a recording whatever its retention policy says. Place one here or on the
          recording&rsquo;s page.
        </EmptyState>
      )}
      <Stack gap="sm" role="list" aria-label="Holds">
        {holds.map((hold) => (
          <Paper key={hold.id} role="listitem" p="md">
            <HoldLine
              hold={hold}
              title={
                <>
                  <Anchor component={Link} to={`/recordings/${hold.recording_id}`} fw={600}>
                    {hold.operator_name} on {hold.target_name}
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
