import { NavLink as MantineNavLink, Stack } from "@mantine/core";
import {
  Activity,
  Clapperboard,
  History,
  ListChecks,
  type LucideIcon,
  MonitorUp,
  Search,
  Users,
} from "lucide-react";
import { NavLink } from "react-router";
import type { Action } from "../api/types";
import { useMay } from "./auth";

interface Entry {
  to: string;
  label: string;
  icon: LucideIcon;
  actions: readonly Action[];
}

const ENTRIES: readonly Entry[] = [
  { to: "/targets", label: "Targets", icon: MonitorUp, actions: ["target.list"] },
  { to: "/sessions", label: "Sessions", icon: History, actions: ["session.list", "session.list_own"] },
  { to: "/recordings", label: "Recordings", icon: Clapperboard, actions: ["recording.list"] },
  { to: "/search", label: "Search", icon: Search, actions: ["recording.search"] },
  { to: "/users", label: "Users", icon: Users, actions: ["user.manage"] },
  { to: "/audit", label: "Audit", icon: ListChecks, actions: ["audit.read"] },
  { to: "/system", label: "System", icon: Activity, actions: ["system.read"] },
];

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const may = useMay();
  return (
    <Stack gap={4}>
      {ENTRIES.filter((entry) => entry.actions.some(may)).map(({ to, label, icon: Icon }) => (
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
              style={{ borderRadius: "var(--mantine-radius-md)" }}
              fw={isActive ? 600 : 450}
            />
          )}
        </NavLink>
      ))}
    </Stack>
  );
}
