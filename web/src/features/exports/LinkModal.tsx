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
import type { Export, ExportLinkCreated } from "../../api/types";
import { FormEnd } from "../../elements/FormEnd";
import { useForm } from "../../elements/useForm";
import { all, atMost, between, filled } from "../../format/rules";
import { Time } from "../../elements/Time";
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
        <LinkForm item={item} create={create} onClose={onClose} />
      )}
    </Modal>
  );
}

interface FormProps {
  item: Export;
  create: ReturnType<typeof useCreateLink>;
  onClose: () => void;
}

const RULES = { recipient: all(filled, atMost(200)), use_limit: between(1, MOST_USES) };

function LinkForm({ item, create, onClose }: FormProps) {
  const initial: Draft = { recipient: "", hours: "72", use_limit: 3 };
  const form = useForm(initial, RULES, {
    mutate: ({ recipient, hours, use_limit }) =>
      create.mutate({ recipient, hours: Number(hours), use_limit: Number(use_limit) }),
    error: create.error,
    isPending: create.isPending,
  });
  return (
    <form {...form.form}>
      <Stack>
        <TextInput
          label="Recipient"
          description="A person, a court, a case number. Shown to them and kept in the audit trail."
          required
          data-autofocus
          {...form.text("recipient")}
        />
        <Group grow align="flex-start">
          <Select
            label="Valid for"
            data={HOURS}
            allowDeselect={false}
            {...form.field("hours")}
            onChange={(hours) => form.set({ hours: hours ?? "72" })}
          />
          <NumberInput
            label="Downloads"
            min={1}
            max={MOST_USES}
            clampBehavior="none"
            allowDecimal={false}
            {...form.field("use_limit")}
            onChange={(count) => form.set({ use_limit: count === "" ? "" : Number(count) })}
          />
        </Group>
        <Alert variant="light" p="xs">
          Whoever has the link gets the file, without an account. It is never valid longer than the file is
          kept: until <Time at={item.expires_at} />.
        </Alert>
        <FormEnd {...form} action="Create link" onClose={onClose} />
      </Stack>
    </form>
  );
}

interface Draft {
  recipient: string;
  hours: string;
  use_limit: number | "";
}

function Shown({ made, onClose }: { made: ExportLinkCreated; onClose: () => void }) {
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
