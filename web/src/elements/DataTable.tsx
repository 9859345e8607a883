/** A table that is a list of cards on a small screen: nothing is cut off, and nothing scrolls sideways. */
import { Table, type TableProps, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import "./dataTable.css";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  isNumber?: boolean;
  /** Of buttons and links that say themselves what they do; the title is for screen readers. */
  isActions?: boolean;
}

interface Props<Row> extends Pick<TableProps, "fz" | "verticalSpacing"> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

// Roles are given although the elements have them: as cards they are laid out otherwise, and browsers then forget them.
export function DataTable<Row>({ label, columns, rows, keyOf, ...rest }: Props<Row>) {
  return (
    <Table className="data-table" role="table" aria-label={label} {...rest}>
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {columns.map(({ title, isNumber, isActions }) => (
            <Table.Th key={title} role="columnheader" {...(isNumber ? { ta: "right" } : {})}>
              {isActions ? <VisuallyHidden>{title}</VisuallyHidden> : title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {rows.map((row) => (
          <Table.Tr key={keyOf(row)} role="row">
            {columns.map((column) => (
              <Cell key={column.title} column={column} row={row} />
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Cell<Row>({ column: { title, cell, isNumber, isActions }, row }: { column: Column<Row>; row: Row }) {
  return (
    <Table.Td
      role="cell"
      {...(isActions ? {} : { "data-label": title })}
      {...(isNumber ? { ta: "right", className: "tabular" } : {})}
    >
      <div className="data-value">{cell(row)}</div>
    </Table.Td>
  );
}
