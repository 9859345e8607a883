/** Where a recording's bytes are, until when, and how its archived copies are kept. */
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { ArchiveObject, Recording } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { Digest } from "../../elements/Digest";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { archiveSummary, savedText } from "./archive";

export function ArchivePanel({ recording }: { recording: Recording }) {
  if (recording.archive.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        Nothing of this recording is in the archive yet; it is kept on hot disk until a verified copy is.
      </Text>
    );
  }
  return (
    <Stack>
      <Summary recording={recording} />
      <DataTable
        label="Archived files"
        fz="sm"
        columns={COLUMNS}
        rows={recording.archive}
        keyOf={({ name }) => name}
      />
    </Stack>
  );
}

function Summary({ recording }: { recording: Recording }) {
  const { sizeBytes, lockedUntil, isHeld, storageClasses } = archiveSummary(recording.archive);
  const saved = savedText(recording);
  return (
    <dl className="fact-grid">
      <Fact name="Read from">
        {recording.tier === "archive" && "the archive, in the parts that are asked for"}
        {recording.tier === "hot" && "hot disk"}
        {recording.tier === "hot" && recording.hot_until_at && (
          <>
            , until <Time at={recording.hot_until_at} />
          </>
        )}
      </Fact>
      {recording.archived_at && (
        <Fact name="Archived">
          <Time at={recording.archived_at} />
        </Fact>
      )}
      <Fact name="Size in the archive">
        {bytesText(sizeBytes)}
        {saved !== null && `; ${saved}`}
      </Fact>
      {storageClasses !== "" && <Fact name="Storage class">{storageClasses}</Fact>}
      <Fact name="Object lock">{lockedUntil ? <Lock until={lockedUntil} /> : "none"}</Fact>
      {isHeld && (
        <Fact name="Legal hold">
          <ToneBadge title="on" tone="wait" means="The archive refuses to delete it while it is held." />
        </Fact>
      )}
    </dl>
  );
}

function Lock({ until }: { until: string }) {
  return (
    <>
      until <Time at={until} />, in compliance mode: nobody can delete or shorten it before
    </>
  );
}

const COLUMNS: Column<ArchiveObject>[] = [
  { title: "Name", cell: ({ name }) => name },
  { title: "Archived size", isNumber: true, cell: ({ size_bytes }) => bytesText(size_bytes) },
  {
    title: "Stored",
    cell: ({ encoding }) => (encoding === "" ? "unchanged" : `compressed (${encoding})`),
  },
  {
    title: "Locked until",
    cell: ({ locked_until_at, legal_hold }) => (
      <>
        {locked_until_at ? <Time at={locked_until_at} /> : "not locked"}
        {legal_hold && ", on legal hold"}
      </>
    ),
  },
  { title: "Verified", cell: ({ verified_at }) => <Time at={verified_at} relative /> },
  {
    title: "SHA-256 of the object",
    cell: ({ key, sha256 }) => <Digest value={sha256} name={`SHA-256 of ${key}`} />,
  },
];

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
