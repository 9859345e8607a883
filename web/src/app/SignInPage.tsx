import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Navigate, useSearchParams } from "react-router";
import { client, unwrap } from "../api/client";
import { meQuery } from "../api/me";
import { homeOf } from "./auth";
import { errorText } from "../elements/ErrorNotice";
import { useTitle } from "../elements/PageHeader";
import { Mark } from "../elements/Logo";
import { ApiError } from "../format/apiError";
import { TEXTS } from "./texts";

export function SignInPage() {
  useTitle(TEXTS.signIn);
  const { data: me } = useQuery(meQuery);
  const [search] = useSearchParams();
  if (me) return <Navigate to={safeBack(search.get("back")) ?? homeOf(me)} replace />;
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={380} gap="lg">
        <Stack align="center" gap={8}>
          <Mark size={52} />
          <Title order={1} fz={26} lts="-0.02em">
            {TEXTS.reelgate}
          </Title>
          <Text c="dimmed" fz="sm" ta="center">
            {TEXTS.recordedAccessToDesktops}
          </Text>
        </Stack>
        <Paper p="xl" shadow="sm">
          <SignInForm />
        </Paper>
      </Stack>
    </Center>
  );
}

function SignInForm() {
  const queries = useQueryClient();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => unwrap(client.POST("/api/auth/sign-in", { body: { username, password } })),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {signIn.error && (
          <Alert color="signal" variant="light" role="alert">
            {refusal(signIn.error)}
          </Alert>
        )}
        <TextInput
          label={TEXTS.username}
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label={TEXTS.password}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth mt={4} loading={signIn.isPending}>
          {TEXTS.signIn}
        </Button>
      </Stack>
    </form>
  );
}

function refusal(error: Error): string {
  if (error instanceof ApiError && error.status === 401) return TEXTS.usernameOrPasswordIs;
  return errorText(error);
}

/** Only a path of this site: the address bar must not send a person elsewhere after sign-in. */
export function safeBack(back: string | null): string | null {
  return back?.startsWith("/") && !back.startsWith("//") && !back.startsWith("/\\") ? back : null;
}
