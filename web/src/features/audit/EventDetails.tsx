/** What an event tells, and a way to what it is about. Shared by the trail and chains of custody. */
import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import type { AuditEvent } from "../../api/types";
import "./audit.css";

const SUBJECT_WORDS = { recording: "Recording", session: "Session", target: "Target" };
// Longer lists are too much to read; a search names every recording it showed.
const MOST_SHOWN = 3;

export function Actor({ event }: { event: Pick<AuditEvent, "actor_name" | "address"> }) {
  return (
    <>
      {event.actor_name}
      <Text fz="xs" c="dimmed" ff="monospace">
        {event.address}
      </Text>
    </>
  );
}

export function EventDetails({ event }: { event: AuditEvent }) {
  const entries = Object.entries(event.details);
  return (
    <Text fz="xs" className="event-details" component="div">
      {entries.map(([name, value]) => `${name}: ${valueText(value)}`).join(" · ")}
      {event.subject_id !== null && (
        <div>
          <Subject event={event} />
        </div>
      )}
    </Text>
  );
}

function Subject({ event }: { event: AuditEvent }) {
  const { subject } = event;
  if (subject === null) {
    return (
      <Text span fz="xs" c="dimmed" ff="monospace">
        {event.subject_id}
      </Text>
    );
  }
  return (
    <Anchor component={Link} to={addressOf(subject)} fz="xs">
      {SUBJECT_WORDS[subject.kind]} {subject.name}
    </Anchor>
  );
}

function addressOf(subject: NonNullable<AuditEvent["subject"]>): string {
  if (subject.recording_id !== null) return `/recordings/${subject.recording_id}`;
  return subject.kind === "target" ? "/targets" : "/sessions";
}

export function valueText(value: unknown): string {
  if (Array.isArray(value)) return listText(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function listText(values: readonly unknown[]): string {
  if (values.length === 0) return "none";
  return values.length > MOST_SHOWN ? `${values.length} of them` : values.map(valueText).join(", ");
}
