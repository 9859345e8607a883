/** What a change of the policies would do: counts in words, conflicts first, some recordings of each. */
import { Alert, Anchor, Checkbox, Spoiler, Stack, Text } from "@mantine/core";
import { CircleCheck, OctagonAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Affected, RetentionEffect } from "../../api/types";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { Sentence } from "../../elements/Sentence";
import { TEXTS } from "./texts";

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
      <Alert
        color="gate"
        variant="light"
        icon={<CircleCheck size={18} />}
        title={TEXTS.noRecordingIsAffected}
      >
        {TEXTS.noDateOfAny}
      </Alert>
    );
  }
  return (
    <Stack gap="xs" aria-label={TEXTS.whatThisChangeDoes} role="region">
      <Text fz="sm">
        {TEXTS.datesOfMove(TEXTS.recordingCount(effect.moved.count), bytesText(effect.moved.size_bytes))}
      </Text>
      <Line affected={effect.due_now} colour="red" title={TEXTS.dueNow}>
        {TEXTS.theyAreErasedWhen}
      </Line>
      <Line affected={effect.due_soon} colour="signal" title={TEXTS.dueSoon} />
      <Line affected={effect.leaving_hot} colour="blue" title={TEXTS.willLeaveHotStorage}>
        {TEXTS.theyAreReadFrom}
      </Line>
      <Line affected={effect.held} colour="blue" title={TEXTS.onHoldSoKept}>
        {TEXTS.theyWouldBeDue}
      </Line>
      <Line affected={effect.locked} colour="blue" title={TEXTS.lockedForLonger} isLocked>
        {TEXTS.nobodyCanShortenObject}
      </Line>
      <Line affected={effect.shorter} colour="red" title={TEXTS.keptForLess}>
        <Checkbox
          mt={6}
          checked={acceptShorter}
          onChange={(event) => onAccept(event.currentTarget.checked)}
          label={TEXTS.keepThemForLess}
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
      title={title(TEXTS.recordingCount(affected.count))}
    >
      {children && (
        <Text fz="sm" component="div">
          {children}
        </Text>
      )}
      <Spoiler maxHeight={0} showLabel={TEXTS.showSome} hideLabel={TEXTS.hide} mt={4} styles={CONTROL}>
        <Stack gap={4} my={4}>
          {affected.examples.map((example) => (
            <Text key={example.recording_id} fz="sm" component="div">
              <Anchor component={Link} inherit to={`/recordings/${example.recording_id}`} target="_blank">
                {TEXTS.operatorOnTarget(example.operator_name, example.target_name)}
              </Anchor>
              {": "}
              <Sentence
                text={isLocked ? TEXTS.lockedAndKept : TEXTS.beforeAndAfter}
                parts={{ before: <Moment at={example.before} />, after: <Moment at={example.after} /> }}
              />
            </Text>
          ))}
        </Stack>
      </Spoiler>
    </Alert>
  );
}

function Moment({ at }: { at: string | null }) {
  return at === null ? TEXTS.noDate : <Time at={at} />;
}
