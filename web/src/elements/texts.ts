/** What the pages of elements say. */

export const TEXTS = {
  thisDidNotWork: "This did not work",
  tryAgain: "Try again",
  unexpectedError: "unexpected error",
  loading: "Loading",
  reelgate: "Reelgate",
  backToStart: "Back to the start",
  pageNotFound: "Page not found",
  thereIsNothingAt: "There is nothing at this address. It may have moved, or the link is incomplete.",
  youDontHaveAccess: "You don't have access",
  yourRoleDoesNot: "Your role does not include this page. Ask an administrator if you need it.",
  cancel: "Cancel",
  showMore: "Show more",
  reason: "Reason",
  keptInAuditTrail: "Kept in the audit trail.",
  copied: "Copied",
  copiedName: (name: string) => `${name} copied`,
  copyName: (name: string) => `Copy ${name}`,
  close: "Close",
} as const;
