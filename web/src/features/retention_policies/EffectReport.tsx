/** What a change of the policies would do: counts in words, conflicts first, some recordings of each. */
import { Alert, Anchor, Checkbox, Spoiler, Stack, Text } from "@mantine/core";
import { CircleCheck, OctagonAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Affected, RetentionEffect } from "../../api/types";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { countText } from "../../format/count";

/** As small as what it shows. */
const CONTROL = { control: { fontSize: "var(--mantine-font-size-sm)" } };

interface Props {
  effect: RetentionEffect;
  acceptShorter: boolean;
  onAccept: (accepted: boolean) => void;
}

export function EffectReport({ effect, acceptShorter, onAccept }: Props) {
  if (effect.moved.count === 0) {
    return (
      <Alert color="gate" variant="light" icon={<CircleCheck size={18} />} title="No recording is affected">
        No date of any recording moves. New recordings follow the policy from now on.
      </Alert>
    );
  }
  return (
    <Stack gap="xs" aria-label="What this change does" role="region">
      <Text fz="sm">
        The dates of {countText(effect.moved.count, "recording")} ({bytesText(effect.moved.size_bytes)}) move.
      </Text>
      <Line
        affected={effect.due_now}
        colour="red"
        title={(count) => `${count} will be marked for purge at once`}
      >
        They are erased when the grace period is over, unless that is cancelled or they are held.
      </Line>
      <Line
        affected={effect.due_soon}
        colour="signal"
        title={(count) => `${count} will be marked for purge within 30 days`}
      />
      <Line affected={effect.leaving_hot} colour="blue" title={(count) => `${count} will leave hot storage`}>
        They are read from the archive then, which takes longer.
      </Line>
      <Line affected={effect.held} colour="blue" title={(count) => `On hold, so they stay: ${count}`}>
        They would be due by this policy. Holds beat every rule.
      </Line>
      <Line
        affected={effect.locked}
        colour="blue"
        title={(count) => `Locked in the archive for longer: ${count}`}
        isLocked
      >
        Nobody can shorten an object lock. They stay until it is over.
      </Line>
      <Line
        affected={effect.shorter}
        colour="red"
        title={(count) => `Kept for less than was promised: ${count}`}
      >
        <Checkbox
          mt={6}
          checked={acceptShorter}
          onChange={(event) => onAccept(event.currentTarget.checked)}
          label="Keep them for less than was promised"
        />
      </Line>
    </Stack>
  );
}

interface LineProps {
  affected: Affected;
  colour: string;
  title: (count: string) => string;
  /** The first date is the lock's end, and not what it was before. */
  isLocked?: boolean;
  children?: ReactNode;
}

function Line({ affected, colour, title, isLocked = false, children }: LineProps) {
  if (affected.count === 0) return null;
  const Icon = colour === "red" ? OctagonAlert : TriangleAlert;
  return (
    <Alert
      color={colour}
      variant="light"
      icon={<Icon size={18} />}
      title={title(countText(affected.count, "recording"))}
    >
      {children && (
        <Text fz="sm" component="div">
          {children}
        </Text>
      )}
      <Spoiler maxHeight={0} showLabel="Show some" hideLabel="Hide" mt={4} styles={CONTROL}>
        <Stack gap={4} my={4}>
          {affected.examples.map((example) => (
            <Text key={example.recording_id} fz="sm" component="div">
              <Anchor component={Link} inherit to={`/recordings/${example.recording_id}`} target="_blank">
                {example.operator_name} on {example.target_name}
              </Anchor>
              {": "}
              {isLocked && "locked until "}
              <Moment at={example.before} />
              {isLocked ? ", kept until " : " → "}
              <Moment at={example.after} />
            </Text>
          ))}
        </Stack>
      </Spoiler>
    </Alert>
  );
}

function Moment({ at }: { at: string | null }) {
  return at === null ? "never" : <Time at={at} />;
}
