/** What shows when a page itself failed: never a blank window. */
import { Box, Button, Stack } from "@mantine/core";
import { useRouteError } from "react-router";
import { ErrorNotice } from "../elements/ErrorNotice";
import { TEXTS } from "./texts";

export function ErrorPage() {
  const thrown = useRouteError();
  const error = thrown instanceof Error ? thrown : new Error(TEXTS.thisPageFailed);
  return (
    <Box maw={560} mx="auto" p="xl">
      <Stack>
        <ErrorNotice error={error} title={TEXTS.failedTitle} />
        <Button variant="default" onClick={() => window.location.reload()}>
          {TEXTS.loadAgain}
        </Button>
      </Stack>
    </Box>
  );
}
