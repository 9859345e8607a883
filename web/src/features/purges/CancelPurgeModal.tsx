import type { Purge } from "../../api/types";
import { useCancelPurge } from "./mutations";
import { ReasonModal } from "../../elements/ReasonModal";

export function CancelPurgeModal({ purge, onClose }: { purge: Purge; onClose: () => void }) {
  const cancel = useCancelPurge(purge.id, onClose);
  return (
    <ReasonModal
      title="Cancel this purge?"
      action="Cancel purge"
      isPending={cancel.isPending}
      error={cancel.error}
      onSubmit={cancel.mutate}
      onClose={onClose}
    >
      {purge.by_policy
        ? "The recording is kept for now. Its retention policy marks it again at the next run: place a hold to keep it."
        : "The recording is kept."}
    </ReasonModal>
  );
}
