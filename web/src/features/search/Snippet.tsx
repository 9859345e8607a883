/** A hit's text with its marked words. Text nodes only: what stood on a screen is hostile input. */
import { Fragment } from "react";
import type { Hit } from "../../api/types";

export function Snippet({ parts }: { parts: Hit["snippet"] }) {
  return (
    <span style={{ overflowWrap: "anywhere" }}>
      {parts.map((part, index) =>
        part.marked ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change their order
          <mark key={index}>{part.text}</mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change their order
          <Fragment key={index}>{part.text}</Fragment>
        ),
      )}
    </span>
  );
}
