/** Removing a retention policy, after a look at what that does. */
import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { RetentionPolicy } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { EffectReport } from "./EffectReport";
import { usePreview, useRemovePolicy } from "./mutations";
import { TEXTS } from "./texts";

export function RemovePolicyModal({ policy, onClose }: { policy: RetentionPolicy; onClose: () => void }) {
  const [acceptShorter, setAcceptShorter] = useState(false);
  const preview = usePreview();
  const remove = useRemovePolicy(policy.id, onClose);
  const { mutate } = preview;
  useEffect(() => mutate({ policy_id: policy.id }), [mutate, policy.id]);
  const error = preview.error ?? remove.error;
  const mustAccept = (preview.data?.shorter.count ?? 0) > 0 && !acceptShorter;
  return (
    <Modal opened onClose={onClose} size="lg" title={TEXTS.removePolicyQuestion(policy.name)}>
      <Stack>
        <Text fz="sm">{TEXTS.itsRecordingsFallUnder}</Text>
        {preview.isPending && <Loader aria-label={TEXTS.loading} />}
        {preview.data && (
          <EffectReport effect={preview.data} acceptShorter={acceptShorter} onAccept={setAcceptShorter} />
        )}
        {error && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {TEXTS.cancel}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            disabled={preview.data === undefined || mustAccept}
            onClick={() => remove.mutate(acceptShorter)}
          >
            {TEXTS.removePolicy}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
