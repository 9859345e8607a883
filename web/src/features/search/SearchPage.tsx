import { Button, Group, SegmentedControl } from "@mantine/core";
import { BellPlus, Search } from "lucide-react";
import { Link, useSearchParams } from "react-router";
import { EmptyState } from "../../elements/EmptyState";
import { PageHeader } from "../../elements/PageHeader";
import { Moments } from "./Moments";
import { QueryBox } from "./QueryBox";
import "./search.css";
import { Sessions } from "./Sessions";
import { newTermAddress } from "../../format/addresses";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

type View = "moments" | "sessions";

export function SearchPage() {
  const [address, setAddress] = useSearchParams();
  const query = address.get("q") ?? "";
  const view: View = address.get("view") === "sessions" ? "sessions" : "moments";
  const show = (q: string, as: View) =>
    setAddress({ ...(q === "" ? {} : { q }), ...(as === "sessions" ? { view: as } : {}) });
  return (
    <>
      <PageHeader title={TEXTS.search} lead={TEXTS.lead} />
      <QueryBox key={query} query={query} onSearch={(q) => show(q, view)} />
      {query === "" ? (
        <EmptyState icon={Search} title={TEXTS.whatWasOnScreen}>
          {TEXTS.typeWordsThatWere}
        </EmptyState>
      ) : (
        <>
          <Tools query={query} view={view} onView={(as) => show(query, as)} />
          {view === "moments" ? <Moments query={query} /> : <Sessions query={query} />}
        </>
      )}
    </>
  );
}

interface ToolsProps {
  query: string;
  view: View;
  onView: (view: View) => void;
}

function Tools({ query, view, onView }: ToolsProps) {
  const may = useMay();
  return (
    <Group mt="md" gap="sm">
      <SegmentedControl
        aria-label={TEXTS.show}
        size="sm"
        data={[
          { value: "moments", label: TEXTS.moments },
          { value: "sessions", label: TEXTS.sessions },
        ]}
        value={view}
        onChange={onView}
      />
      {may("watch_term.manage") && (
        <Button
          component={Link}
          to={newTermAddress(query)}
          variant="default"
          leftSection={<BellPlus size={16} />}
        >
          {TEXTS.watchForThis}
        </Button>
      )}
    </Group>
  );
}
