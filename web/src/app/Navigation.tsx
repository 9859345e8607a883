import { Badge, NavLink as MantineNavLink, Stack, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  Activity,
  BellRing,
  CalendarClock,
  Clapperboard,
  Flag,
  Gauge,
  HardDrive,
  History,
  ListChecks,
  LockKeyhole,
  type LucideIcon,
  MonitorUp,
  PackageOpen,
  Search,
  Users,
} from "lucide-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { watchTermsQuery } from "../api/queries";
import type { Action } from "../api/types";
import { useMay } from "./auth";

interface Entry {
  to: string;
  label: string;
  icon: LucideIcon;
  actions: readonly Action[];
  Count?: () => ReactNode;
}

const ENTRIES: readonly Entry[] = [
  { to: "/targets", label: "Targets", icon: MonitorUp, actions: ["target.list"] },
  { to: "/sessions", label: "Sessions", icon: History, actions: ["session.list", "session.list_own"] },
  { to: "/recordings", label: "Recordings", icon: Clapperboard, actions: ["recording.list"] },
  { to: "/search", label: "Search", icon: Search, actions: ["recording.search"] },
  { to: "/findings", label: "Findings", icon: Flag, actions: ["finding.list"], Count: OpenCount },
  { to: "/watch_terms", label: "Watch terms", icon: BellRing, actions: ["finding.list"] },
  { to: "/retention", label: "Retention", icon: CalendarClock, actions: ["retention.read"] },
  { to: "/holds", label: "Holds", icon: LockKeyhole, actions: ["hold.list"] },
  { to: "/exports", label: "Exports", icon: PackageOpen, actions: ["recording.export"] },
  { to: "/users", label: "Users", icon: Users, actions: ["user.manage"] },
  { to: "/audit", label: "Audit", icon: ListChecks, actions: ["audit.read"] },
  { to: "/storage", label: "Storage", icon: HardDrive, actions: ["storage.read"] },
  { to: "/capacity", label: "Capacity", icon: Gauge, actions: ["storage.read"] },
  { to: "/system", label: "System", icon: Activity, actions: ["system.read"] },
];

const MOST_SHOWN = 999;

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const may = useMay();
  return (
    <Stack gap={4}>
      {ENTRIES.filter((entry) => entry.actions.some(may)).map(({ to, label, icon: Icon, Count }) => (
        <NavLink
          key={to}
          to={to}
          className="quiet-link"
          style={{ textDecoration: "none" }}
          onClick={onNavigate}
        >
          {({ isActive }) => (
            <MantineNavLink
              component="span"
              active={isActive}
              label={label}
              leftSection={<Icon size={18} aria-hidden="true" />}
              rightSection={Count && <Count />}
              style={{ borderRadius: "var(--mantine-radius-md)" }}
              fw={isActive ? 600 : 450}
            />
          )}
        </NavLink>
      ))}
    </Stack>
  );
}

/** Findings that wait for review. */
function OpenCount() {
  const { data } = useQuery(watchTermsQuery);
  const count = data?.items.reduce((sum, term) => sum + term.open_count, 0) ?? 0;
  if (count === 0) return null;
  return (
    <Badge size="sm" variant="light" color="signal" className="tabular">
      {count > MOST_SHOWN ? `${MOST_SHOWN}+` : count}
      <VisuallyHidden> open</VisuallyHidden>
    </Badge>
  );
}
