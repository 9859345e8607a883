/** What is done to retention policies and purges. */
import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { RetentionPolicyBody } from "../../api/types";
import { useRetentionMutation } from "../../api/retained";
import { TEXTS } from "./texts";

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
    policyId === null ? TEXTS.policyCreated : TEXTS.policyChanged,
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
    TEXTS.policyRemoved,
    onDone,
  );
}
