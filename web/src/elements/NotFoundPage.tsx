import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useTitle } from "./PageHeader";
import { Mark } from "./Logo";

interface Props {
  title: string;
  text: string;
}

function DeadEnd({ title, text }: Props) {
  useTitle(title);
  return (
    <Center mih="60dvh" p="md">
      <Stack align="center" gap="sm" maw={420} ta="center">
        <Mark size={44} />
        <Title order={1} fz={26}>
          {title}
        </Title>
        <Text c="dimmed">{text}</Text>
        <Button component={Link} to="/" variant="light" mt="sm">
          Back to the start
        </Button>
      </Stack>
    </Center>
  );
}

export function NotFoundPage() {
  return (
    <DeadEnd
      title="Page not found"
      text="There is nothing at this address. It may have moved, or the link is incomplete."
    />
  );
}

export function ForbiddenPage() {
  return (
    <DeadEnd
      title="You don't have access"
      text="Your role does not include this page. Ask an administrator if you need it."
    />
  );
}
