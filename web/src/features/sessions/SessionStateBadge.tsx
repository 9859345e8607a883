import { ToneBadge } from "../../elements/ToneBadge";
import type { Session } from "../../api/types";
import { SESSION_STATE_WORDS } from "../../api/texts";

export function SessionStateBadge({ state }: { state: Session["state"] }) {
  return <ToneBadge {...SESSION_STATE_WORDS[state]} />;
}
