/** What the pages of capacity read. Keys begin with the API resource's name. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";

export interface PlanInput {
  sessions: number;
  hours_per_day: number;
  hot_days?: number;
  retention_days?: number;
  protocol?: string;
}

export function capacityQuery(plan: PlanInput) {
  return queryOptions({
    queryKey: ["capacity", plan],
    queryFn: () => unwrap(client.GET("/api/capacity", { params: { query: plan } })),
    placeholderData: keepPreviousData,
  });
}
