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
import { KIND_WORDS } from "./texts";
import { TEXTS } from "./texts";

const HOURS = [
  { value: "1", label: TEXTS.oneHour },
  { value: "24", label: TEXTS.oneDay },
  { value: "72", label: TEXTS.threeDays },
  { value: "168", label: TEXTS.sevenDays },
  { value: "720", label: TEXTS.thirtyDays },
];
const MOST_USES = 100;

export function LinkModal({ item, onClose }: { item: Export; onClose: () => void }) {
  const create = useCreateLink(item.id);
  return (
    <Modal opened onClose={onClose} title={TEXTS.linkTo(KIND_WORDS[item.kind].title.toLowerCase())}>
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
          label={TEXTS.recipient}
          description={TEXTS.recipientHint}
          required
          data-autofocus
          {...form.text("recipient")}
        />
        <Group grow align="flex-start">
          <Select
            label={TEXTS.validFor}
            data={HOURS}
            allowDeselect={false}
            {...form.field("hours")}
            onChange={(hours) => form.set({ hours: hours ?? "72" })}
          />
          <NumberInput
            label={TEXTS.downloads}
            min={1}
            max={MOST_USES}
            clampBehavior="none"
            allowDecimal={false}
            {...form.field("use_limit")}
            onChange={(count) => form.set({ use_limit: count === "" ? "" : Number(count) })}
          />
        </Group>
        <Alert variant="light" p="xs">
          {TEXTS.whoeverHasLinkGets} <Time at={item.expires_at} />.
        </Alert>
        <FormEnd {...form} action={TEXTS.createLink} onClose={onClose} />
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
        label={TEXTS.linkFor(made.recipient)}
        description={TEXTS.copyItNow}
        readOnly
        value={address}
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <Group justify="space-between">
        <span className="export-until">
          {TEXTS.validUntil} <Time at={made.expires_at} />, {TEXTS.useCount(made.use_limit)}
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
                {copied ? TEXTS.copied : TEXTS.copyLink}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={onClose}>
            {TEXTS.done}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
