/** What shows when a page itself failed: never a blank window. */
import { Box, Button, Stack } from "@mantine/core";
import { useRouteError } from "react-router";
import { ErrorNotice } from "../elements/ErrorNotice";

export function ErrorPage() {
  const thrown = useRouteError();
  const error = thrown instanceof Error ? thrown : new Error("this page failed");
  return (
    <Box maw={560} mx="auto" p="xl">
      <Stack>
        <ErrorNotice error={error} title="This page failed" />
        <Button variant="default" onClick={() => window.location.reload()}>
          Load again
        </Button>
      </Stack>
    </Box>
  );
}
