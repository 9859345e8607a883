/** Removing a retention policy, after a look at what that does. */
import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { RetentionPolicy } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { EffectReport } from "./EffectReport";
import { usePreview, useRemovePolicy } from "./mutations";

export function RemovePolicyModal({ policy, onClose }: { policy: RetentionPolicy; onClose: () => void }) {
  const [acceptShorter, setAcceptShorter] = useState(false);
  const preview = usePreview();
  const remove = useRemovePolicy(policy.id, onClose);
  const { mutate } = preview;
  useEffect(() => mutate({ policy_id: policy.id }), [mutate, policy.id]);
  const error = preview.error ?? remove.error;
  const mustAccept = (preview.data?.shorter.count ?? 0) > 0 && !acceptShorter;
  return (
    <Modal opened onClose={onClose} size="lg" title={`Remove ${policy.name}?`}>
      <Stack>
        <Text fz="sm">Its recordings fall under the next policy that fits.</Text>
        {preview.isPending && <Loader aria-label="Loading" />}
        {preview.data && (
          <EffectReport effect={preview.data} acceptShorter={acceptShorter} onAccept={setAcceptShorter} />
        )}
        {error && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            disabled={preview.data === undefined || mustAccept}
            onClick={() => remove.mutate(acceptShorter)}
          >
            Remove policy
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
