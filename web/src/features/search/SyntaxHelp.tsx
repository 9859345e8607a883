import { ActionIcon, Popover, Table } from "@mantine/core";
import { CircleQuestionMark } from "lucide-react";

const SYNTAX: readonly (readonly [string, string])[] = [
  ["invoice 4711", "both words, in one line on the screen"],
  ['"access denied"', "the words next to each other"],
  ["passw*", "words that begin so"],
  ["visudo OR sudoedit", "either"],
  ["root -test", "without the second"],
  ["operator:olga target:db1", "of this operator, on this target"],
  ["after:2026-10-01 before:2026-11", "in this time"],
  ["screen: keys: clipboard: file:", "only shown, typed, copied, transferred"],
  ["sudo NEAR/10s visudo", "both within ten seconds"],
];

export function SyntaxHelp() {
  return (
    <Popover position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="How to search">
          <CircleQuestionMark size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="sm" maw="90vw">
        <Table withRowBorders={false} highlightOnHover={false} verticalSpacing={4} fz="sm">
          <Table.Tbody>
            {SYNTAX.map(([example, means]) => (
              <Table.Tr key={example}>
                <Table.Td ff="monospace" style={{ whiteSpace: "nowrap" }}>
                  {example}
                </Table.Td>
                <Table.Td>{means}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Popover.Dropdown>
    </Popover>
  );
}
