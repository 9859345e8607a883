import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { Target } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { useRemoveTarget } from "./mutations";

export function RemoveTargetModal({ target, onClose }: { target: Target; onClose: () => void }) {
  const remove = useRemoveTarget(target.id, onClose);
  return (
    <Modal opened onClose={onClose} title={`Remove ${target.name}?`}>
      <Stack>
        <Text fz="sm">Nobody can open it any more, and its credential is deleted. Its recordings stay.</Text>
        {remove.error && <ErrorNotice error={remove.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(undefined)}>
            Remove target
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
