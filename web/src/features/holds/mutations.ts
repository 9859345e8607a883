/** What is done to holds. */
import { client, unwrap } from "../../api/client";
import { useRetentionMutation } from "../../api/retained";
import { TEXTS } from "./texts";

export function usePlaceHold(onDone: () => void) {
  return useRetentionMutation(
    (body: { recording_ids: string[]; reason: string; case_number: string }) =>
      unwrap(client.POST("/api/holds", { body })),
    TEXTS.holdPlaced,
    onDone,
  );
}

export function useReleaseHold(holdId: string, onDone: () => void) {
  const params = { path: { hold_id: holdId } };
  return useRetentionMutation(
    (reason: string) => unwrap(client.POST("/api/holds/{hold_id}/release", { params, body: { reason } })),
    TEXTS.holdReleased,
    onDone,
  );
}
