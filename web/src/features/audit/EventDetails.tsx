/** What an event tells, and a way to what it is about. Shared by the trail and chains of custody. */
import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import type { AuditEvent } from "../../api/types";
import "./audit.css";

const SUBJECT_WORDS = { recording: "Recording", session: "Session", target: "Target" };
// A search names all recordings it showed: too many to read, and each has them in its chain of custody.
const MOST_IDS = 3;

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
  if (Array.isArray(value) && value.length > MOST_IDS) {
    return `${value.slice(0, MOST_IDS).join(", ")} and ${value.length - MOST_IDS} more`;
  }
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueText).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
