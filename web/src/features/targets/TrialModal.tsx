import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { CircleCheck, CircleMinus, CircleX } from "lucide-react";
import type { Target } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { useTryTarget } from "./mutations";
import { type Finding, findingsOf } from "./trial";
import { TEXTS } from "./texts";

export function TrialModal({ target, onClose }: { target: Target; onClose: () => void }) {
  const trial = useTryTarget(target.id);
  return (
    <Modal opened onClose={onClose} title={TEXTS.test(target.name)}>
      <Stack>
        <Text fz="sm">{TEXTS.connectsTo(`${target.host}:${target.port}`)}</Text>
        <Stack gap="xs" role="status">
          {trial.isPending && (
            <Group gap="xs">
              <Loader size="xs" />
              <Text fz="sm">{TEXTS.testingUpToHalf}</Text>
            </Group>
          )}
          {trial.data &&
            findingsOf(trial.data).map((finding) => <FindingLine key={finding.step} {...finding} />)}
        </Stack>
        {trial.error && <ErrorNotice error={trial.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {TEXTS.close}
          </Button>
          <Button loading={trial.isPending} onClick={() => trial.mutate()}>
            {trial.data ? TEXTS.testAgain : TEXTS.testConnection}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const ICONS = {
  good: { icon: CircleCheck, colour: "var(--mantine-color-gate-6)" },
  bad: { icon: CircleX, colour: "var(--mantine-color-error)" },
  skipped: { icon: CircleMinus, colour: "var(--mantine-color-dimmed)" },
};

function FindingLine({ step, outcome, words }: Finding) {
  const { icon: Icon, colour } = ICONS[outcome];
  return (
    <Group wrap="nowrap" align="flex-start" gap="xs">
      <Icon size={18} color={colour} aria-hidden="true" style={{ flexShrink: 0, marginTop: 2 }} />
      <Text fz="sm">
        <Text span inherit fw={600}>
          {step}:
        </Text>{" "}
        {words}
      </Text>
    </Group>
  );
}
