/** What an event tells, and a way to what it is about. Shared by the trail and chains of custody. */
import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import type { AuditEvent } from "../../api/types";
import { Digest } from "../../elements/Digest";
import "./audit.css";
import { type Detail, detailOf } from "./details";
import { SUBJECT_WORDS } from "./texts";
import { TEXTS } from "./texts";

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
  return (
    <Text fz="xs" className="event-details" component="div">
      {Object.entries(event.details).map(([name, value]) => (
        <DetailText key={name} {...detailOf(name, value)} />
      ))}
      {event.subject_id !== null && (
        <div>
          <Subject event={event} />
        </div>
      )}
    </Text>
  );
}

function DetailText({ label, text, isDigest }: Detail) {
  return (
    <span className="event-detail">
      <Text span inherit c="dimmed">
        {label}:
      </Text>{" "}
      {isDigest ? <Digest value={text} name={label} /> : text}
    </span>
  );
}

function Subject({ event }: { event: AuditEvent }) {
  const { subject } = event;
  if (subject === null) {
    return <Digest value={event.subject_id ?? ""} name={TEXTS.id} />;
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
