/** What the pages of watch terms say. */
import { countText } from "../../format/count";

export const TEXTS = {
  watchTermCreated: "Watch term created",
  watchTermChanged: "Watch term changed",
  runningOverAll: "Running over all recordings",
  disabled: "Disabled",
  by: (createdByName: string) => `by ${createdByName},`,
  findingCount: (count: number) => countText(count, "finding"),
  open: (openCount: string) => `${openCount} open`,
  runOverAllRecordings: "Run over all recordings",
  manage: (name: string) => `Manage ${name}`,
  edit: "Edit",
  enable: "Enable",
  disable: "Disable",
  recordingCount: (count: number) => countText(count, "recording"),
  doneOf: (doneCount: number, totalCount: string) => `${doneCount} of ${totalCount}`,
  runEndedAfter: (counted: string) => `The run ended after ${counted}:`,
  ranOverAll: (recordings: string) => `Ran over all ${recordings}.`,
  progressOf: (name: string) => `Progress of ${name} over all recordings`,
  waiting: "waiting",
  newWatchTerm: "New watch term",
  editTerm: (name: string) => `Edit ${name}`,
  name: "Name",
  query: "Query",
  asOnSearchPage: "As on the search page.",
  alsoRunOver: (count: number) =>
    count === 1
      ? "Also run it over the recording there is"
      : `Also run it over the ${countText(count, "recording")} there are`,
  watchTermRunsOn: "A watch term runs on new recordings.",
  cancel: "Cancel",
  createWatchTerm: "Create watch term",
  save: "Save",
  watchTerms: "Watch terms",
  lead: "Searches that run on every new recording.",
  noWatchTermsYet: "No watch terms yet",
  saveSearchHereAnd: "Save a search here, and each place where it occurs becomes a finding to review.",
} as const;
