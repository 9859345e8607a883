/** What is done to findings and watch terms. */
import { notifications } from "@mantine/notifications";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { watchTermsQuery } from "../watch_terms/queries";
import type { Finding, FindingsReview, Page } from "../../api/types";
import { errorText } from "../../elements/ErrorNotice";
import { replaced } from "./pages";

const MOST_AT_ONCE = 200; // findings the API takes

/** Reviewed findings stay where they are in the list, so that a slip of the hand can be put right. */
export function useReview() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: FindingsReview) => {
      const items: Finding[] = [];
      for (let at = 0; at < body.finding_ids.length; at += MOST_AT_ONCE) {
        const finding_ids = body.finding_ids.slice(at, at + MOST_AT_ONCE);
        const answer = await unwrap(client.POST("/api/findings/review", { body: { ...body, finding_ids } }));
        items.push(...answer.items);
      }
      return items;
    },
    onSuccess: (items) => {
      queries.setQueriesData<InfiniteData<Page<Finding>>>({ queryKey: ["findings"] }, (data) =>
        data === undefined ? data : { ...data, pages: items.reduce(replaced, data.pages) },
      );
      return queries.invalidateQueries({ queryKey: watchTermsQuery.queryKey });
    },
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
}
