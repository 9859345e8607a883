/** What an administrator does to targets. Each ends by reading the list again. */
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { targetsQuery } from "./queries";
import type { CredentialBody, TargetBody, TargetPatch } from "../../api/types";
import { TEXTS } from "./texts";

function useTargetMutation<Input>(
  work: (input: Input) => Promise<unknown>,
  done: string,
  onDone: () => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: targetsQuery.queryKey });
      notifications.show({ message: done });
      onDone();
    },
  });
}

export function useCreateTarget(onDone: () => void) {
  return useTargetMutation(
    (body: TargetBody) => unwrap(client.POST("/api/targets", { body })),
    TEXTS.targetCreated,
    onDone,
  );
}

export function useChangeTarget(targetId: string, onDone: () => void) {
  const params = { path: { target_id: targetId } };
  return useTargetMutation(
    (body: TargetPatch) => unwrap(client.PATCH("/api/targets/{target_id}", { params, body })),
    TEXTS.targetChanged,
    onDone,
  );
}

export function useRemoveTarget(targetId: string, onDone: () => void) {
  const params = { path: { target_id: targetId } };
  return useTargetMutation(
    () => unwrap(client.DELETE("/api/targets/{target_id}", { params })),
    TEXTS.targetRemoved,
    onDone,
  );
}

/** Changes nothing: the answer is what was found. */
export function useTryTarget(targetId: string) {
  const params = { path: { target_id: targetId } };
  return useMutation({
    mutationFn: () => unwrap(client.POST("/api/targets/{target_id}/trials", { params })),
  });
}

export function useSetCredential(targetId: string, onDone: () => void) {
  const params = { path: { target_id: targetId } };
  return useTargetMutation(
    (body: CredentialBody) => unwrap(client.PUT("/api/targets/{target_id}/credential", { params, body })),
    TEXTS.credentialStored,
    onDone,
  );
}

export function useRemoveCredential(targetId: string, onDone: () => void) {
  const params = { path: { target_id: targetId } };
  return useTargetMutation(
    () => unwrap(client.DELETE("/api/targets/{target_id}/credential", { params })),
    TEXTS.credentialRemoved,
    onDone,
  );
}
