/** Makes a link, and shows it once: only its digest is kept. */
import {
  Alert,
  Button,
  CopyButton,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  TextInput,
} from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Export, ExportLinkMade } from "../../api/types";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { Time } from "../../app/elements/Time";
import { useCreateLink } from "./mutations";
import { KIND_WORDS } from "./words";

const HOURS = [
  { value: "1", label: "1 hour" },
  { value: "24", label: "1 day" },
  { value: "72", label: "3 days" },
  { value: "168", label: "7 days" },
  { value: "720", label: "30 days" },
];
const MOST_USES = 100;

export function LinkModal({ item, onClose }: { item: Export; onClose: () => void }) {
  const create = useCreateLink(item.id);
  return (
    <Modal opened onClose={onClose} title={`Link to this ${KIND_WORDS[item.kind].title.toLowerCase()}`}>
      {create.data ? (
        <Shown made={create.data} onClose={onClose} />
      ) : (
        <Form item={item} create={create} onClose={onClose} />
      )}
    </Modal>
  );
}

interface FormProps {
  item: Export;
  create: ReturnType<typeof useCreateLink>;
  onClose: () => void;
}

function Form({ item, create, onClose }: FormProps) {
  const [draft, setDraft] = useState({ recipient: "", hours: "72", uses: 3 });
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ recipient: draft.recipient, hours: Number(draft.hours), use_limit: draft.uses });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="For"
          description="Who will get it, e.g. a person, a court, a file number. Shown to them and kept in the audit trail."
          required
          data-autofocus
          maxLength={200}
          value={draft.recipient}
          onChange={(event) => set({ recipient: event.currentTarget.value })}
        />
        <Group grow align="flex-start">
          <Select
            label="Valid for"
            data={HOURS}
            allowDeselect={false}
            value={draft.hours}
            onChange={(hours) => set({ hours: hours ?? "72" })}
          />
          <NumberInput
            label="Downloads"
            min={1}
            max={MOST_USES}
            allowDecimal={false}
            value={draft.uses}
            onChange={(uses) => set({ uses: Number(uses) || 1 })}
          />
        </Group>
        <Alert variant="light" p="xs">
          Whoever has the link gets the file, without an account. It is never valid longer than the file is
          kept: until <Time at={item.expires_at} />.
        </Alert>
        {create.error && <ErrorNotice error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Shown({ made, onClose }: { made: ExportLinkMade; onClose: () => void }) {
  const address = window.location.origin + made.path;
  return (
    <Stack>
      <TextInput
        label={`Link for ${made.recipient}`}
        description="Copy it now: it is not kept and cannot be shown again."
        readOnly
        value={address}
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <Group justify="space-between">
        <span className="export-until">
          Valid until <Time at={made.expires_at} />, {made.use_limit} {made.use_limit === 1 ? "use" : "uses"}
        </span>
        <Group gap="sm">
          <CopyButton value={address}>
            {({ copied, copy }) => (
              <Button
                data-autofocus
                onClick={copy}
                leftSection={copied ? <Check size={16} /> : <Copy size={16} />}
                variant={copied ? "light" : "filled"}
              >
                {copied ? "Copied" : "Copy link"}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
