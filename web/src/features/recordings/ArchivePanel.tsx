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
import { Sentence } from "../../elements/Sentence";
import { TEXTS } from "./texts";

export function ArchivePanel({ recording }: { recording: Recording }) {
  if (recording.archive.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        {TEXTS.nothingOfThisRecording}
      </Text>
    );
  }
  return (
    <Stack>
      <Summary recording={recording} />
      <DataTable
        label={TEXTS.archivedFiles}
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
      <Fact name={TEXTS.readFrom}>
        {recording.tier === "archive" && TEXTS.archiveInParts}
        {recording.tier === "hot" && !recording.hot_until_at && TEXTS.hotDisk}
        {recording.tier === "hot" && recording.hot_until_at && (
          <Sentence text={TEXTS.hotDiskUntil} parts={{ time: <Time at={recording.hot_until_at} /> }} />
        )}
      </Fact>
      {recording.archived_at && (
        <Fact name={TEXTS.archived}>
          <Time at={recording.archived_at} />
        </Fact>
      )}
      <Fact name={TEXTS.sizeInArchive}>
        {bytesText(sizeBytes)}
        {saved !== null && `; ${saved}`}
      </Fact>
      {storageClasses !== "" && <Fact name={TEXTS.storageClass}>{storageClasses}</Fact>}
      <Fact name={TEXTS.objectLock}>{lockedUntil ? <Lock until={lockedUntil} /> : TEXTS.none}</Fact>
      {isHeld && (
        <Fact name={TEXTS.legalHold}>
          <ToneBadge title={TEXTS.legalHoldOn} tone="wait" means={TEXTS.archiveRefusesToDelete} />
        </Fact>
      )}
    </dl>
  );
}

function Lock({ until }: { until: string }) {
  return <Sentence text={TEXTS.objectLockUntil} parts={{ time: <Time at={until} /> }} />;
}

const COLUMNS: Column<ArchiveObject>[] = [
  { title: TEXTS.name, cell: ({ name }) => name },
  { title: TEXTS.archivedSize, isNumber: true, cell: ({ size_bytes }) => bytesText(size_bytes) },
  {
    title: TEXTS.stored,
    cell: ({ encoding }) => (encoding === "" ? TEXTS.unchanged : TEXTS.compressed(encoding)),
  },
  {
    title: TEXTS.lockedUntil,
    cell: ({ locked_until_at, legal_hold }) => (
      <>
        {locked_until_at ? <Time at={locked_until_at} /> : TEXTS.notLocked}
        {legal_hold && TEXTS.onLegalHold}
      </>
    ),
  },
  { title: TEXTS.verified, cell: ({ verified_at }) => <Time at={verified_at} relative /> },
  {
    title: TEXTS.sha256OfObject,
    cell: ({ key, sha256 }) => <Digest value={sha256} name={TEXTS.sha256Of(key)} />,
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
