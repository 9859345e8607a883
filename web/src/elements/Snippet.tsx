/** A hit's text with its marked words. Text nodes only: what stood on a screen is hostile input. */
import { Fragment } from "react";

export function Snippet({ parts }: { parts: readonly { text: string; marked: boolean }[] }) {
  return (
    <span style={{ overflowWrap: "anywhere" }}>
      {parts.map((part, index) =>
        part.marked ? <mark key={index}>{part.text}</mark> : <Fragment key={index}>{part.text}</Fragment>,
      )}
    </span>
  );
}
