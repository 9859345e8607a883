import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { Target } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { useRemoveTarget } from "./mutations";
import { TEXTS } from "./texts";

export function RemoveTargetModal({ target, onClose }: { target: Target; onClose: () => void }) {
  const remove = useRemoveTarget(target.id, onClose);
  return (
    <Modal opened onClose={onClose} title={TEXTS.remove(target.name)}>
      <Stack>
        <Text fz="sm">{TEXTS.nobodyCanOpenIt}</Text>
        {remove.error && <ErrorNotice error={remove.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {TEXTS.cancel}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(undefined)}>
            {TEXTS.removeTarget}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
