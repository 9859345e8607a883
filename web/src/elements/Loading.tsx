import { Center, Loader, Skeleton, Stack } from "@mantine/core";
import { TEXTS } from "./texts";

export function PageLoader() {
  return (
    <Center mih="60dvh">
      <Loader aria-label={TEXTS.loading} />
    </Center>
  );
}

export function RowsLoading({ count = 6, height = 44 }: { count?: number; height?: number }) {
  return (
    <Stack gap="xs" role="status" aria-busy="true" aria-label={TEXTS.loading}>
      {Array.from({ length: count }, (_, row) => `row-${row}`).map((key) => (
        <Skeleton key={key} height={height} radius="md" />
      ))}
    </Stack>
  );
}
