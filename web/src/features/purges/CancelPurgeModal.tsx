import type { Purge } from "../../api/types";
import { useCancelPurge } from "./mutations";
import { ReasonModal } from "../../elements/ReasonModal";
import { TEXTS } from "./texts";

export function CancelPurgeModal({ purge, onClose }: { purge: Purge; onClose: () => void }) {
  const cancel = useCancelPurge(purge.id, onClose);
  return (
    <ReasonModal
      title={TEXTS.cancelThisPurge}
      action={TEXTS.cancelPurge}
      isPending={cancel.isPending}
      error={cancel.error}
      onSubmit={cancel.mutate}
      onClose={onClose}
    >
      {purge.by_policy ? TEXTS.recordingIsKeptFor : TEXTS.recordingIsKept}
    </ReasonModal>
  );
}
