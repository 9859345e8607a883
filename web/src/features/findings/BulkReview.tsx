/** One verdict for many findings. Comments stay each its own. */
import { Button, Checkbox, Group, Text } from "@mantine/core";
import { Check, RotateCcw, X } from "lucide-react";
import type { Verdict } from "../../api/types";
import { useReview } from "./mutations";
import { byComment, type FindingGroup } from "./groups";
import { countText } from "../../format/count";

interface Props {
  chosen: readonly FindingGroup[];
  /** Of all that are shown. */
  count: number;
  onSelectAll: (all: boolean) => void;
}

export function BulkReview({ chosen, count, onSelectAll }: Props) {
  const review = useReview();
  const say = (verdict: Verdict) => async () => {
    for (const batch of byComment(chosen)) await review.mutateAsync({ ...batch, verdict });
    onSelectAll(false);
  };
  const button = { size: "xs", disabled: chosen.length === 0, loading: review.isPending } as const;
  return (
    <Group mb="md" gap="sm" role="group" aria-label="Review the selected">
      <Checkbox
        size="xs"
        label="Select all shown"
        checked={chosen.length === count}
        indeterminate={chosen.length > 0 && chosen.length < count}
        onChange={(event) => onSelectAll(event.currentTarget.checked)}
      />
      <Button {...button} leftSection={<Check size={14} />} onClick={say("confirmed")}>
        Confirm selected
      </Button>
      <Button {...button} variant="default" leftSection={<X size={14} />} onClick={say("dismissed")}>
        Dismiss selected
      </Button>
      <Button
        {...button}
        variant="subtle"
        color="gray"
        leftSection={<RotateCcw size={14} />}
        onClick={say("open")}
      >
        Open selected again
      </Button>
      <Text fz="sm" c="dimmed" aria-live="polite">
        {chosen.length > 0 && `${countText(chosen.length, "finding")} selected`}
      </Text>
    </Group>
  );
}
