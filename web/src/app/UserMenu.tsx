import {
  Avatar,
  Group,
  Menu,
  SegmentedControl,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ChevronsUpDown, LogOut } from "lucide-react";
import { useNavigate } from "react-router";
import { client, unwrap } from "../api/client";
import { meQuery, useMe } from "../api/me";
import { ROLE_WORDS } from "../api/texts";
import { TEXTS } from "./texts";

export function UserMenu() {
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => unwrap(client.POST("/api/auth/sign-out")),
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, null);
      navigate("/sign-in", { replace: true });
    },
  });
  return (
    <Menu width={240} position="top-start" shadow="md">
      <Menu.Target>
        <UnstyledButton p={8} w="100%" style={{ borderRadius: 8 }}>
          <Group gap="sm" wrap="nowrap">
            <Avatar name={me.display_name} color="gate" radius="xl" size={34} aria-hidden="true" />
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text fz="sm" fw={560} truncate>
                {me.display_name}
              </Text>
              <Text fz="xs" c="dimmed" truncate>
                {ROLE_WORDS[me.role].title}
              </Text>
            </div>
            <ChevronsUpDown size={14} aria-hidden="true" />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{TEXTS.appearance}</Menu.Label>
        <SchemeControl />
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} />} onClick={() => signOut.mutate()}>
          {TEXTS.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeControl() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={TEXTS.appearance}
      value={colorScheme}
      onChange={setColorScheme}
      data={[
        { value: "light", label: TEXTS.light },
        { value: "dark", label: TEXTS.dark },
        { value: "auto", label: TEXTS.auto },
      ]}
    />
  );
}
