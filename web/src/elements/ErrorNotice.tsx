/** An error a person can act on: what happened in words, and a button to try again. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { ApiError } from "../format/apiError";
import { TEXTS } from "./texts";

interface Props {
  error: Error;
  title?: string;
  onRetry?: () => unknown;
}

export function ErrorNotice({ error, title = TEXTS.thisDidNotWork, onRetry }: Props) {
  return (
    <Alert color="signal" variant="light" icon={<TriangleAlert size={18} />} title={title} role="alert">
      <Group justify="space-between" align="center">
        <Text fz="sm">{errorText(error)}</Text>
        {onRetry && (
          <Button size="xs" variant="default" onClick={() => onRetry()}>
            {TEXTS.tryAgain}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** The server's phrase as a sentence. */
export function errorText(error: Error): string {
  const detail = error instanceof ApiError ? error.message : error.message || TEXTS.unexpectedError;
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${/[.!?]$/.test(detail) ? "" : "."}`;
}
