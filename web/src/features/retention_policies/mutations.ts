/** What is done to retention policies and purges. */
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { RetentionPolicyBody } from "../../api/types";

/** After any of these, dates, marks and what stands against a purge may be others. */
function useRetentionMutation<Input>(
  work: (input: Input) => Promise<unknown>,
  done: string,
  onDone: () => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async () => {
      await Promise.all(
        ["retention_policies", "purges", "holds", "recordings"].map((key) =>
          queries.invalidateQueries({ queryKey: [key] }),
        ),
      );
      notifications.show({ message: done });
      onDone();
    },
  });
}

export interface Trial {
  policy_id?: string;
  policy?: RetentionPolicyBody;
}

/** Asks what a change would do; changes nothing. */
export function usePreview() {
  return useMutation({
    mutationFn: (body: Trial) => unwrap(client.POST("/api/retention_policies/preview", { body })),
  });
}

interface Save {
  policy: RetentionPolicyBody;
  acceptShorter: boolean;
}

/** Creates a policy, or changes the one of that id. */
export function useSavePolicy(policyId: string | null, onDone: () => void) {
  return useRetentionMutation(
    ({ policy, acceptShorter }: Save) => {
      const body = { ...policy, accept_shorter: acceptShorter };
      if (policyId === null) return unwrap(client.POST("/api/retention_policies", { body }));
      const params = { path: { policy_id: policyId } };
      return unwrap(client.PUT("/api/retention_policies/{policy_id}", { params, body }));
    },
    policyId === null ? "Policy created" : "Policy changed",
    onDone,
  );
}

export function useRemovePolicy(policyId: string, onDone: () => void) {
  return useRetentionMutation(
    (acceptShorter: boolean) =>
      unwrap(
        client.DELETE("/api/retention_policies/{policy_id}", {
          params: { path: { policy_id: policyId }, query: { accept_shorter: acceptShorter } },
        }),
      ),
    "Policy removed",
    onDone,
  );
}

export function useMarkForPurge(recordingId: string, onDone: () => void) {
  return useRetentionMutation(
    (reason: string) =>
      unwrap(client.POST("/api/purges", { body: { recording_ids: [recordingId], reason } })),
    "Marked for purge",
    onDone,
  );
}

export function useCancelPurge(purgeId: string, onDone: () => void) {
  const params = { path: { purge_id: purgeId } };
  return useRetentionMutation(
    (reason: string) => unwrap(client.POST("/api/purges/{purge_id}/cancel", { params, body: { reason } })),
    "Purge cancelled",
    onDone,
  );
}

export function usePlaceHold(onDone: () => void) {
  return useRetentionMutation(
    (body: { recording_ids: string[]; reason: string; case_number: string }) =>
      unwrap(client.POST("/api/holds", { body })),
    "Hold placed",
    onDone,
  );
}

export function useReleaseHold(holdId: string, onDone: () => void) {
  const params = { path: { hold_id: holdId } };
  return useRetentionMutation(
    (reason: string) => unwrap(client.POST("/api/holds/{hold_id}/release", { params, body: { reason } })),
    "Hold released",
    onDone,
  );
}
