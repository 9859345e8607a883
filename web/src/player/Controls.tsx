import {
  ActionIcon,
  Group,
  Popover,
  SegmentedControl,
  Select,
  Switch,
  Table,
  Text,
  Tooltip,
} from "@mantine/core";
import {
  ChevronLeft,
  ChevronRight,
  Keyboard,
  Link2,
  type LucideIcon,
  Maximize,
  Pause,
  Play,
  SkipBack,
  SkipForward,
} from "lucide-react";
import { offsetText } from "../format/time";
import { type Playback, type PlaybackController, RATES } from "./controller";
import { SHORTCUTS } from "./useShortcuts";
import { TEXTS } from "./texts";

interface Props {
  controller: PlaybackController;
  playback: Playback;
  hitCount: number;
  onHit: (direction: 1 | -1) => void;
  onFullscreen: () => void;
  onCopyLink: () => void;
  keysShown: boolean;
  onKeysShown: (shown: boolean) => void;
}

export function Controls({
  controller,
  playback,
  hitCount,
  onHit,
  onFullscreen,
  onCopyLink,
  ...keys
}: Props) {
  return (
    <Group gap="sm" justify="space-between" mt={6}>
      <Group gap={6}>
        <ActionIcon
          size={38}
          radius="xl"
          variant="filled"
          aria-label={playback.playing ? TEXTS.pause : TEXTS.play}
          onClick={() => controller.toggle()}
        >
          {playback.playing ? <Pause size={18} /> : <Play size={18} />}
        </ActionIcon>
        <IconButton icon={ChevronLeft} label={TEXTS.previousChange} onClick={() => controller.step(-1)} />
        <IconButton icon={ChevronRight} label={TEXTS.nextChange} onClick={() => controller.step(1)} />
        {hitCount > 0 && (
          <>
            <IconButton icon={SkipBack} label={TEXTS.previousHit} onClick={() => onHit(-1)} />
            <IconButton icon={SkipForward} label={TEXTS.nextHit} onClick={() => onHit(1)} />
          </>
        )}
        <Text className="tabular" fz="sm" ml={4}>
          {offsetText(playback.timeMs)}{" "}
          <Text span c="dimmed" inherit>
            / {offsetText(playback.durationMs)}
          </Text>
        </Text>
      </Group>
      <Group gap="sm">
        <Switch
          size="sm"
          label={TEXTS.skipIdle}
          checked={playback.skipIdle}
          onChange={(event) => controller.setSkipIdle(event.currentTarget.checked)}
        />
        <RateControl controller={controller} rate={playback.rate} />
        <Group gap={2}>
          <IconButton icon={Link2} label={TEXTS.copyLinkToThisMoment} onClick={onCopyLink} />
          <ShortcutHelp {...keys} />
          <IconButton icon={Maximize} label={TEXTS.fullScreenButton} onClick={onFullscreen} />
        </Group>
      </Group>
    </Group>
  );
}

function RateControl({ controller, rate }: { controller: PlaybackController; rate: number }) {
  const data = RATES.map((value) => ({ value: String(value), label: `${value}×` }));
  const change = (value: string | null) => controller.setRate(Number(value ?? 1));
  return (
    <>
      <SegmentedControl
        visibleFrom="lg"
        size="xs"
        aria-label={TEXTS.speed}
        data={data}
        value={String(rate)}
        onChange={change}
      />
      <Select
        hiddenFrom="lg"
        size="xs"
        w={76}
        aria-label={TEXTS.speed}
        data={data}
        value={String(rate)}
        allowDeselect={false}
        onChange={change}
      />
    </>
  );
}

function ShortcutHelp({ keysShown, onKeysShown }: Pick<Props, "keysShown" | "onKeysShown">) {
  return (
    <Popover opened={keysShown} onChange={onKeysShown} position="top-end" shadow="md" withArrow>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={34}
          aria-label={TEXTS.keys}
          onClick={() => onKeysShown(!keysShown)}
        >
          <Keyboard size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Table verticalSpacing={4} highlightOnHover={false} withRowBorders={false} fz="sm">
          <Table.Tbody>
            {SHORTCUTS.map(([keys, does]) => (
              <Table.Tr key={keys}>
                <Table.Td ff="monospace">{keys}</Table.Td>
                <Table.Td>{does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Popover.Dropdown>
    </Popover>
  );
}

function IconButton({
  icon: Icon,
  label,
  onClick,
}: {
  icon: LucideIcon;
  label: string;
  onClick: () => void;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={34} aria-label={label} onClick={onClick}>
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
