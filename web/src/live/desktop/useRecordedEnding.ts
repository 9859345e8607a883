/** The session list knows why a session ended when the socket could only say that it did. */
import { useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { Session } from "../../api/types";
import { useMe } from "../../api/me";
import { type Ending, endingOfRow } from "./endings";

const ASK_EVERY_MS = 700; // the gateway closes the row after the socket
const ASK_COUNT = 14; // it looks at the target's port first, for six seconds at most
const RECENT_MS = 60_000; // clocks of browser and gateway may differ a little

/** How the viewer's latest session on this target that closed about now ended; null while unknown. */
export function useRecordedEnding(targetId: string, endedAt: number, wanted: boolean): Ending | null {
  const { display_name } = useMe();
  const isOwn = (session: Session) =>
    session.target_id === targetId && session.operator_name === display_name;
  const { data } = useQuery({
    queryKey: ["sessions", "close reason", targetId, endedAt],
    queryFn: async () => {
      const page = await unwrap(client.GET("/api/sessions", { params: { query: { limit: 10 } } }));
      return page.items.find(isOwn) ?? null;
    },
    enabled: wanted,
    refetchInterval: (query) =>
      query.state.data?.closed_at || query.state.dataUpdateCount >= ASK_COUNT ? false : ASK_EVERY_MS,
  });
  if (!data?.closed_at || Math.abs(Date.parse(data.closed_at) - endedAt) > RECENT_MS) return null;
  return data.close_reason === null ? null : endingOfRow(data.close_reason, data.close_text);
}
