/** What the pages of targets say. */
import type { Trial } from "../../api/types";

export const TEXTS = {
  wholeNumber: (most: number) => `A whole number from 0 to ${most.toLocaleString("en")}.`,
  oneOf: (choices: readonly string[]) => `One of ${choices.join(", ")}.`,
  tooLong: (most: number) => `At most ${most.toLocaleString("en")} characters.`,
  unprintable: "Printable characters only: no line breaks or tabs.",
  protocolParameters: "Protocol parameters",
  default: "Default",
  defaultIs: (choice: string) => `Default: ${choice}`,
  yes: "Yes",
  no: "No",
  targetCreated: "Target created",
  targetChanged: "Target changed",
  targetRemoved: "Target removed",
  credentialStored: "Credential stored",
  credentialRemoved: "Credential removed",
  credentialOf: (name: string) => `Credential of ${name}`,
  usedByGatewayTo:
    "Used by the gateway to sign in at the target. It is stored encrypted, never shown again and never sent to a browser.",
  lastSet: "Last set",
  userNameAtTarget: "User name at the target",
  secret: "Secret",
  removeCredential: "Remove credential",
  storeCredential: "Store credential",
  remove: (name: string) => `Remove ${name}?`,
  nobodyCanOpenIt: "Nobody can open it any more, and its credential is deleted. Its recordings stay.",
  cancel: "Cancel",
  removeTarget: "Remove target",
  open: (name: string) => `Open ${name}`,
  openNamed: "Open",
  whetherTypedKeysBecome: "Whether typed keys become part of the recording",
  keysRecorded: "keys recorded",
  keysNotRecorded: "keys not recorded",
  whatIsReadIn: "What is read in its recordings stays out of search",
  textNotSearchable: "text not searchable",
  sessionGoesOnWhen: "A session goes on when it cannot be recorded, with a gap noted",
  mayGoOnUnrecorded: "may go on unrecorded",
  riskClass: "Risk class",
  group: "Group",
  noCredential: "no credential",
  credentialSet: "credential set",
  manage: (name: string) => `Manage ${name}`,
  edit: "Edit",
  credential: "Credential",
  testConnection: "Test connection",
  removeNamed: "Remove",
  strictEndSession: "Strict: end the session",
  sessionThatCannotBe: "A session that cannot be recorded any more ends at once.",
  degradeGoOnWith: "Degrade: go on with a gap",
  sessionGoesOnWhat: "The session goes on; what is missing becomes a signed gap and an audit event.",
  recording: "Recording",
  retentionPoliciesGoBy: "Retention policies go by it.",
  wordOfYourOwn: "A word of your own that retention policies can go by.",
  whenRecordingFails: "When recording fails",
  recordWhatIsTyped: "Record what is typed and pasted",
  offKeepsWhatIs:
    "Off keeps what is typed and pasted at the target, passwords among it, out of the recording and of search.",
  textSearchable: "Text searchable",
  offKeepsWhatIsShown:
    "Off keeps what is shown on the screen out of search and findings. The recording itself stays complete.",
  newTarget: "New target",
  editNamed: (name: string) => `Edit ${name}`,
  loading: "Loading",
  name: "Name",
  protocol: "Protocol",
  host: "Host",
  port: "Port",
  createTarget: "Create target",
  save: "Save",
  storedEncryptedNeverShown: "Stored encrypted, never shown again.",
  notTestedSessionIs: "Not tested: a session is running there, and the target might end it.",
  address: "Address",
  signIn: "Sign-in",
  test: (name: string) => `Test ${name}`,
  connectsTo: (address: string) =>
    `Connects to ${address} from the gateway and signs in with the stored credential. Nothing is shown or recorded; the test is in the audit trail.`,
  testingUpToHalf: "Testing, up to half a minute",
  close: "Close",
  testAgain: "Test again",
  targets: "Targets",
  lead: "Machines you may open. Every session is recorded.",
  filterTargets: "Filter targets",
  filterByNameProtocol: "Filter by name, protocol or host",
  noTargetMatches: "No target matches",
  noTargetsYet: "No targets yet",
  targetIsMachineThat:
    "A target is a machine that people reach through Reelgate, with its protocol and credential.",
} as const;

export interface TrialWords {
  outcome: "good" | "bad" | "skipped";
  words: string;
}

export const REACH_WORDS: Record<Trial["reach"], TrialWords> = {
  answers: { outcome: "good", words: "The port answers." },
  name_unknown: { outcome: "bad", words: "The host name cannot be resolved. Check the host." },
  refused: { outcome: "bad", words: "The machine refuses the connection: nothing listens at this port." },
  silent: { outcome: "bad", words: "No answer. The machine is off, or a firewall is in between." },
};

export const SIGN_IN_WORDS: Record<Trial["sign_in"], TrialWords> = {
  shown: {
    outcome: "good",
    words:
      "The target showed its screen. A target with a sign-in page of its own shows that before it signs in.",
  },
  refused: { outcome: "bad", words: "The stored credential was probably not accepted." },
  credential_missing: { outcome: "bad", words: "The target asks for a password and none is stored." },
  failed: { outcome: "bad", words: "The target ended the connection. Check its protocol and parameters." },
  no_answer: { outcome: "bad", words: "The target showed nothing within 12 seconds." },
  gateway_fault: { outcome: "bad", words: "guacd, the gateway's connection service, does not answer." },
  not_tried: { outcome: "skipped", words: "Not tested, because the port does not answer." },
};
