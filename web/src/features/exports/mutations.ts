/** What is done to exports and their links. */
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { ExportBody } from "../../api/types";
import { errorText } from "../../elements/ErrorNotice";
import { TEXTS } from "./texts";

export function useRequestExport(recordingId: string, onDone: () => void) {
  const queries = useQueryClient();
  const params = { path: { recording_id: recordingId } };
  return useMutation({
    mutationFn: (body: ExportBody) =>
      unwrap(client.POST("/api/recordings/{recording_id}/exports", { params, body })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["exports"] });
      notifications.show({ message: TEXTS.exportIsBeingMade });
      onDone();
    },
  });
}

export function useCreateLink(exportId: string) {
  const queries = useQueryClient();
  const params = { path: { export_id: exportId } };
  return useMutation({
    mutationFn: (body: { recipient: string; hours: number; use_limit: number }) =>
      unwrap(client.POST("/api/exports/{export_id}/links", { params, body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["exports"] }),
  });
}

export function useRevokeLink(exportId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (linkId: string) => {
      const params = { path: { export_id: exportId, link_id: linkId } };
      return unwrap(client.DELETE("/api/exports/{export_id}/links/{link_id}", { params }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["exports"] });
      notifications.show({ message: TEXTS.linkGivesNothingAny });
    },
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
}
