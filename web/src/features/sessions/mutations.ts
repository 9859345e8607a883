/** What is done to running sessions. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { notifications } from "@mantine/notifications";
import { client, unwrap } from "../../api/client";
import type { SessionCommand, SessionVerb } from "../../api/types";
import { DONE_WORDS, TEXTS } from "./texts";

const LOOK_EVERY_MS = 200;
const LOOK_COUNT = 25; // five seconds: a gateway that takes longer does not answer

/** Gives a command and waits until the gateway that runs the session has carried it out. */
export function useSessionCommand(sessionId: string, verb: SessionVerb, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => carriedOut(sessionId, verb, text),
    onSuccess: (command) => {
      notifications.show(
        command.state === "done"
          ? { message: DONE_WORDS[verb] }
          : { color: "red", message: command.state === "missed" ? TEXTS.hadEnded : TEXTS.notYetCarriedOut },
      );
      void queries.invalidateQueries({ queryKey: ["sessions"] });
      onDone();
    },
  });
}

async function carriedOut(sessionId: string, verb: SessionVerb, text: string): Promise<SessionCommand> {
  const params = { path: { session_id: sessionId } };
  const address = "/api/sessions/{session_id}/commands";
  let command = await unwrap(client.POST(address, { params, body: { verb, text } }));
  for (let look = 0; look < LOOK_COUNT && command.state === "pending"; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { items } = await unwrap(client.GET(address, { params }));
    command = items.find(({ id }) => id === command.id) ?? command;
  }
  return command;
}
