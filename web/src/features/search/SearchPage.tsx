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

type View = "moments" | "sessions";

export function SearchPage() {
  const [address, setAddress] = useSearchParams();
  const query = address.get("q") ?? "";
  const view: View = address.get("view") === "sessions" ? "sessions" : "moments";
  const show = (q: string, as: View) =>
    setAddress({ ...(q === "" ? {} : { q }), ...(as === "sessions" ? { view: as } : {}) });
  return (
    <>
      <PageHeader title="Search" lead="Find the moment by what was on the screen." />
      <QueryBox key={query} query={query} onSearch={(q) => show(q, view)} />
      {query === "" ? (
        <EmptyState icon={Search} title="What was on the screen?">
          Type words that were shown in a session: a command, a file name, an error message.
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
        aria-label="Show"
        size="sm"
        data={[
          { value: "moments", label: "Moments" },
          { value: "sessions", label: "Sessions" },
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
          Watch for this
        </Button>
      )}
    </Group>
  );
}
