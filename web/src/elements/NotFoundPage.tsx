import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useTitle } from "./PageHeader";
import { Mark } from "./Logo";
import { TEXTS } from "./texts";

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
          {TEXTS.backToStart}
        </Button>
      </Stack>
    </Center>
  );
}

export function NotFoundPage() {
  return <DeadEnd title={TEXTS.pageNotFound} text={TEXTS.thereIsNothingAt} />;
}

export function ForbiddenPage() {
  return <DeadEnd title={TEXTS.youDontHaveAccess} text={TEXTS.yourRoleDoesNot} />;
}
