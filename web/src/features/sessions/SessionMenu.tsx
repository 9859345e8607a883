/** What an auditor or administrator can do to a session that runs. */
import { ActionIcon, Menu } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import type { Session, SessionVerb } from "../../api/types";
import { ReasonModal } from "../../elements/ReasonModal";
import { useSessionCommand } from "./mutations";
import { COMMAND_WORDS, TEXTS } from "./texts";

export function SessionMenu({ session }: { session: Session }) {
  const [asked, setAsked] = useState<SessionVerb | null>(null);
  const verbs: SessionVerb[] = ["message", session.is_locked ? "unlock" : "lock", "end"];
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={TEXTS.manage(session.operator_name)}>
            <Ellipsis size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {verbs.map((verb) => (
            <Menu.Item
              key={verb}
              {...(verb === "end" ? { color: "red" } : {})}
              onClick={() => setAsked(verb)}
            >
              {COMMAND_WORDS[verb].item}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {asked !== null && <CommandModal session={session} verb={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

interface Props {
  session: Session;
  verb: SessionVerb;
  onClose: () => void;
}

function CommandModal({ session, verb, onClose }: Props) {
  const command = useSessionCommand(session.id, verb, onClose);
  const words = COMMAND_WORDS[verb];
  return (
    <ReasonModal
      title={words.title(session.operator_name)}
      label={words.label}
      action={words.action}
      isDangerous={verb === "end"}
      isPending={command.isPending}
      error={command.error}
      onSubmit={(text) => command.mutate(text)}
      onClose={onClose}
    >
      {words.lead(session.operator_name, session.target_name)}
    </ReasonModal>
  );
}
