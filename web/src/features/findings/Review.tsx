import { Button, Group, Textarea } from "@mantine/core";
import { Check, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import type { Finding, Verdict } from "../../api/types";
import { useReview } from "./mutations";
import { TEXTS } from "./texts";

const LONGEST_COMMENT = 4000; // what the API takes

interface Props {
  finding: Finding;
  /** Of all the findings that get the verdict. */
  ids: string[];
}

export function Review({ finding, ids }: Props) {
  const [comment, setComment] = useState(finding.comment);
  const review = useReview();
  const say = (verdict: Verdict) => () =>
    review.mutate({ finding_ids: ids, verdict, comment: comment.trim() });
  const isOpen = finding.verdict === "open";
  const isChanged = comment.trim() !== finding.comment;
  return (
    <>
      <Textarea
        aria-label={TEXTS.comment}
        placeholder={TEXTS.comment}
        autosize
        minRows={1}
        maxRows={5}
        maxLength={LONGEST_COMMENT}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Group gap="xs">
        {finding.verdict !== "confirmed" && (
          <Button
            size="xs"
            leftSection={<Check size={14} />}
            data-does="confirmed"
            onClick={say("confirmed")}
          >
            {TEXTS.confirm}
          </Button>
        )}
        {finding.verdict !== "dismissed" && (
          <Button
            size="xs"
            variant="default"
            leftSection={<X size={14} />}
            data-does="dismissed"
            onClick={say("dismissed")}
          >
            {TEXTS.dismiss}
          </Button>
        )}
        {!isOpen && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            leftSection={<RotateCcw size={14} />}
            data-does="open"
            onClick={say("open")}
          >
            {TEXTS.openAgain}
          </Button>
        )}
        {isChanged && (
          <Button size="xs" variant="light" loading={review.isPending} onClick={say(finding.verdict)}>
            {TEXTS.saveComment}
          </Button>
        )}
      </Group>
    </>
  );
}
