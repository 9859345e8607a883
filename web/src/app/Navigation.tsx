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
import { TEXTS } from "./texts";

interface Entry {
  to: string;
  label: string;
  icon: LucideIcon;
  actions: readonly Action[];
  Count?: () => ReactNode;
}

const GROUPS: readonly { title: string; entries: readonly Entry[] }[] = [
  {
    title: TEXTS.access,
    entries: [
      { to: "/targets", label: TEXTS.targets, icon: MonitorUp, actions: ["target.list"] },
      {
        to: "/sessions",
        label: TEXTS.sessions,
        icon: History,
        actions: ["session.list", "session.list_own"],
      },
      { to: "/users", label: TEXTS.users, icon: Users, actions: ["user.manage"] },
    ],
  },
  {
    title: TEXTS.evidence,
    entries: [
      { to: "/recordings", label: TEXTS.recordings, icon: Clapperboard, actions: ["recording.list"] },
      { to: "/search", label: TEXTS.search, icon: Search, actions: ["recording.search"] },
      { to: "/findings", label: TEXTS.findings, icon: Flag, actions: ["finding.list"], Count: OpenCount },
      { to: "/watch_terms", label: TEXTS.watchTerms, icon: BellRing, actions: ["finding.list"] },
      { to: "/holds", label: TEXTS.holds, icon: LockKeyhole, actions: ["hold.list"] },
      { to: "/exports", label: TEXTS.exports, icon: PackageOpen, actions: ["recording.export"] },
      { to: "/retention", label: TEXTS.retention, icon: CalendarClock, actions: ["retention.read"] },
    ],
  },
  {
    title: TEXTS.system,
    entries: [
      { to: "/audit", label: TEXTS.audit, icon: ListChecks, actions: ["audit.read"] },
      { to: "/storage", label: TEXTS.storage, icon: HardDrive, actions: ["storage.read"] },
      { to: "/capacity", label: TEXTS.capacity, icon: Gauge, actions: ["storage.read"] },
      { to: "/system", label: TEXTS.system, icon: Activity, actions: ["system.read"] },
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
      <VisuallyHidden> {TEXTS.open}</VisuallyHidden>
    </Badge>
  );
}
