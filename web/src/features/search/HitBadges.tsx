/** Where the text of a hit or a finding is from, and how well it matches. */
import { Badge, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { Hit } from "../../api/types";
import { sourceText, transferText } from "../../api/transfer";
import { TEXTS } from "./texts";

export function SourceBadge({ source, transfer }: Pick<Hit, "source" | "transfer">) {
  if (source === "screen") return null; // what nearly all hits are
  const badge = <HitBadge color="blue">{sourceText(source, transfer)}</HitBadge>;
  if (transfer === null) return badge;
  return (
    <Tooltip label={transferText(transfer)} multiline maw={360} style={{ overflowWrap: "anywhere" }}>
      {badge}
    </Tooltip>
  );
}

export function MatchBadge({ match }: Pick<Hit, "match">) {
  if (match === "exact") return <HitBadge color="gate">{TEXTS.exact}</HitBadge>;
  return (
    <Tooltip label={TEXTS.tolerantMeans}>
      <HitBadge color="yellow">{TEXTS.tolerant}</HitBadge>
    </Tooltip>
  );
}

interface Props {
  color: string;
  children: ReactNode;
  ref?: React.Ref<HTMLDivElement>;
}

/** Other properties are what a tooltip puts on it. */
export function HitBadge({ color, children, ...rest }: Props) {
  return (
    <Badge variant="light" color={color} radius="sm" tt="none" fw={500} className="tabular" {...rest}>
      {children}
    </Badge>
  );
}
