import { Badge, NavLink as MantineNavLink, Stack, Text, VisuallyHidden } from "@mantine/core";
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
import { watchTermsQuery } from "../features/watch_terms/queries";
import type { Action } from "../api/types";
import { useMay } from "../api/me";

interface Entry {
  to: string;
  label: string;
  icon: LucideIcon;
  actions: readonly Action[];
  Count?: () => ReactNode;
}

const GROUPS: readonly { title: string; entries: readonly Entry[] }[] = [
  {
    title: "Access",
    entries: [
      { to: "/targets", label: "Targets", icon: MonitorUp, actions: ["target.list"] },
      { to: "/sessions", label: "Sessions", icon: History, actions: ["session.list", "session.list_own"] },
      { to: "/users", label: "Users", icon: Users, actions: ["user.manage"] },
    ],
  },
  {
    title: "Evidence",
    entries: [
      { to: "/recordings", label: "Recordings", icon: Clapperboard, actions: ["recording.list"] },
      { to: "/search", label: "Search", icon: Search, actions: ["recording.search"] },
      { to: "/findings", label: "Findings", icon: Flag, actions: ["finding.list"], Count: OpenCount },
      { to: "/watch_terms", label: "Watch terms", icon: BellRing, actions: ["finding.list"] },
      { to: "/holds", label: "Holds", icon: LockKeyhole, actions: ["hold.list"] },
      { to: "/exports", label: "Exports", icon: PackageOpen, actions: ["recording.export"] },
      { to: "/retention", label: "Retention", icon: CalendarClock, actions: ["retention.read"] },
    ],
  },
  {
    title: "System",
    entries: [
      { to: "/audit", label: "Audit", icon: ListChecks, actions: ["audit.read"] },
      { to: "/storage", label: "Storage", icon: HardDrive, actions: ["storage.read"] },
      { to: "/capacity", label: "Capacity", icon: Gauge, actions: ["storage.read"] },
      { to: "/system", label: "System", icon: Activity, actions: ["system.read"] },
    ],
  },
];

const MOST_SHOWN = 999;

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const may = useMay();
  const groups = GROUPS.map(({ title, entries }) => ({
    title,
    entries: entries.filter(({ actions }) => actions.some(may)),
  })).filter(({ entries }) => entries.length > 0);
  return (
    <Stack gap="md">
      {groups.map(({ title, entries }) => (
        <Stack key={title} gap={2} role="group" aria-label={title}>
          {groups.length > 1 && (
            <Text fz={11} fw={620} c="dimmed" tt="uppercase" lts="0.05em" px="sm" aria-hidden="true">
              {title}
            </Text>
          )}
          {entries.map((entry) => (
            <EntryLink key={entry.to} entry={entry} onNavigate={onNavigate} />
          ))}
        </Stack>
      ))}
    </Stack>
  );
}

function EntryLink({ entry, onNavigate }: { entry: Entry; onNavigate: () => void }) {
  const { to, label, icon: Icon, Count } = entry;
  return (
    <NavLink to={to} className="quiet-link" style={{ textDecoration: "none" }} onClick={onNavigate}>
      {({ isActive }) => (
        <MantineNavLink
          component="span"
          active={isActive}
          label={label}
          leftSection={<Icon size={18} aria-hidden="true" />}
          rightSection={Count && <Count />}
          style={{ borderRadius: "var(--mantine-radius-md)" }}
          py={6}
          fw={isActive ? 600 : 450}
        />
      )}
    </NavLink>
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
