/** What can be typed, by example; a press on one puts it into the box. */
import { ActionIcon, Popover, Table, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleQuestionMark } from "lucide-react";
import { useState } from "react";
import { sourcesQuery } from "./queries";
import { exampleOf } from "./sources";
import { TEXTS } from "./texts";

type Examples = readonly (readonly [string, string])[];

const WORDS: Examples = [
  ["invoice 4711", TEXTS.bothWordsInOne],
  ['"access denied"', TEXTS.wordsNextToEach],
  ["passw*", TEXTS.wordsThatBeginSo],
  ["visudo OR sudoedit", TEXTS.either],
  ["root -test", TEXTS.withoutSecond],
  ["sudo NEAR/10s visudo", TEXTS.bothWithinTenSeconds],
];

const FIELDS: Examples = [
  ["operator:olga", TEXTS.ofThisOperator],
  ["target:db1", TEXTS.onThisTarget],
  ["after:2026-10-01", TEXTS.fromThenOnUtc],
  ["before:2026-11-01", TEXTS.earlierThanThat],
];

export function SyntaxHelp({ onPick }: { onPick: (example: string) => void }) {
  const [opened, setOpened] = useState(false);
  const pick = (example: string) => {
    setOpened(false);
    onPick(example);
  };
  return (
    <Popover position="bottom-end" withArrow shadow="md" trapFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={TEXTS.howToSearch}
          onClick={() => setOpened((before) => !before)}
        >
          <CircleQuestionMark size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="xs" maw="92vw" mah="70dvh" style={{ overflowY: "auto" }}>
        <ExampleTable title={TEXTS.words} examples={WORDS} onPick={pick} />
        <FieldExamples onPick={pick} />
      </Popover.Dropdown>
    </Popover>
  );
}

function FieldExamples({ onPick }: { onPick: (example: string) => void }) {
  const { data: sources } = useQuery(sourcesQuery);
  const examples = [...(sources?.items ?? []).map(exampleOf), ...FIELDS];
  return <ExampleTable title={TEXTS.whereWhoAndWhen} examples={examples} onPick={onPick} />;
}

interface ExampleTableProps {
  title: string;
  examples: Examples;
  onPick: (example: string) => void;
}

function ExampleTable({ title, examples, onPick }: ExampleTableProps) {
  return (
    <>
      <Text fz="xs" fw={600} c="dimmed" px="xs" pt={4}>
        {title}
      </Text>
      <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing="xs" fz="sm">
        <Table.Tbody>
          {examples.map(([example, means]) => (
            <Table.Tr key={example}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                <UnstyledButton
                  fz="sm"
                  ff="monospace"
                  c="var(--mantine-color-anchor)"
                  onClick={() => onPick(example)}
                >
                  {example}
                </UnstyledButton>
              </Table.Td>
              <Table.Td>{means}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
