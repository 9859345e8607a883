/** What is done to purges. */
import { client, unwrap } from "../../api/client";
import { useRetentionMutation } from "../../api/retained";
import { TEXTS } from "./texts";

export function useMarkForPurge(recordingId: string, onDone: () => void) {
  return useRetentionMutation(
    (reason: string) =>
      unwrap(client.POST("/api/purges", { body: { recording_ids: [recordingId], reason } })),
    TEXTS.markedForPurge,
    onDone,
  );
}

export function useCancelPurge(purgeId: string, onDone: () => void) {
  const params = { path: { purge_id: purgeId } };
  return useRetentionMutation(
    (reason: string) => unwrap(client.POST("/api/purges/{purge_id}/cancel", { params, body: { reason } })),
    TEXTS.purgeCancelled,
    onDone,
  );
}
