/** One verdict for many findings. Comments stay each its own. */
import { Button, Checkbox, Group, Text } from "@mantine/core";
import { Check, RotateCcw, X } from "lucide-react";
import type { Verdict } from "../../api/types";
import { useReview } from "./mutations";
import { byComment, type FindingGroup } from "./groups";
import { TEXTS } from "./texts";

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
    <Group mb="md" gap="sm" role="group" aria-label={TEXTS.reviewSelected}>
      <Checkbox
        size="xs"
        label={TEXTS.selectAllShown}
        checked={chosen.length === count}
        indeterminate={chosen.length > 0 && chosen.length < count}
        onChange={(event) => onSelectAll(event.currentTarget.checked)}
      />
      <Button {...button} leftSection={<Check size={14} />} onClick={say("confirmed")}>
        {TEXTS.confirmSelected}
      </Button>
      <Button {...button} variant="default" leftSection={<X size={14} />} onClick={say("dismissed")}>
        {TEXTS.dismissSelected}
      </Button>
      <Button
        {...button}
        variant="subtle"
        color="gray"
        leftSection={<RotateCcw size={14} />}
        onClick={say("open")}
      >
        {TEXTS.openSelectedAgain}
      </Button>
      <Text fz="sm" c="dimmed" aria-live="polite">
        {chosen.length > 0 && TEXTS.selected(TEXTS.findingCount(chosen.length))}
      </Text>
    </Group>
  );
}
