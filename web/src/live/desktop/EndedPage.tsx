/** After the session: why it ended, what that means, and where to go from here. */
import { Button, Center, Group, Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck, Clapperboard, MonitorUp, RotateCcw, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { useTitle } from "../../elements/PageHeader";
import { Status } from "./endings";
import { useRecordedEnding } from "./useRecordedEnding";
import type { SessionEnd } from "./useDesktop";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

interface Props {
  targetId: string;
  targetName: string;
  /** Host and port, for those who may know them. */
  address: string | null;
  ending: SessionEnd;
  onReopen: () => void;
}

export function EndedPage({ targetId, targetName, address, ending: told, onReopen }: Props) {
  const may = useMay();
  const queries = useQueryClient();
  const [endedAt] = useState(() => Date.now());
  const asksRow = told.wasOpen && (!told.expected || told.code === Status.SESSION_CLOSED);
  const recorded = useRecordedEnding(targetId, endedAt, asksRow);
  const ending = { ...told, ...recorded };
  useTitle(ending.title);
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["sessions"] });
    void queries.invalidateQueries({ queryKey: ["recordings"] });
  }, [queries]);
  const Icon = ending.expected ? CircleCheck : TriangleAlert;
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper p="xl" shadow="sm" maw={520} w="100%">
        <Stack gap="md">
          <ThemeIcon size={48} radius="xl" variant="light" color={ending.expected ? "gate" : "signal"}>
            <Icon size={24} />
          </ThemeIcon>
          <Stack gap={6}>
            <Text fz="sm" c="dimmed">
              {targetName}
              {!ending.expected && address !== null && ` · ${address}`}
            </Text>
            <Title order={1} fz={24}>
              {ending.title}
            </Title>
            <Text>{ending.means}</Text>
            <Text c="dimmed">{ending.todo}</Text>
            {!ending.expected && (
              <Text fz="xs" c="dimmed" ff="monospace">
                {TEXTS.statusCode(ending.code.toString(16).padStart(4, "0"))}
              </Text>
            )}
          </Stack>
          <Group gap="sm">
            <Button leftSection={<RotateCcw size={16} />} onClick={onReopen}>
              {ending.expected ? TEXTS.openAgain : TEXTS.tryAgain}
            </Button>
            <Button component={Link} to="/targets" variant="default" leftSection={<MonitorUp size={16} />}>
              {TEXTS.targets}
            </Button>
            {may("recording.list") && (
              <Button
                component={Link}
                to="/recordings"
                variant="default"
                leftSection={<Clapperboard size={16} />}
              >
                {TEXTS.recordings}
              </Button>
            )}
          </Group>
        </Stack>
      </Paper>
    </Center>
  );
}
