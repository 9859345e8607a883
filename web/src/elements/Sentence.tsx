/** A text with elements in it, such as "Erased {time}": a translation may put them in another order. */
import { Fragment, type ReactNode } from "react";

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

interface Props<Text extends string> {
  text: Text;
  /** What stands for each name in braces. */
  parts: Record<Names<Text>, ReactNode>;
}

export function Sentence<Text extends string>({ text, parts }: Props<Text>) {
  const values: Readonly<Record<string, ReactNode>> = parts;
  return text
    .split(/\{(\w+)\}/)
    .map((piece, index) => <Fragment key={index}>{index % 2 === 1 ? values[piece] : piece}</Fragment>);
}
