/** The one way forms work: rules at the field before anything is sent, and the server's refusals at their field too. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiError } from "../format/apiError";

/** What each field takes; a rule may look at the rest of the draft too. */
export type Rules<Draft> = { [Name in keyof Draft]?: (value: Draft[Name], draft: Draft) => string | null };

interface Sending<Draft> {
  mutate: (draft: Draft) => void;
  error: Error | null;
  isPending: boolean;
}

export interface Field<Value> {
  value: Value;
  error: string | null;
  onBlur: () => void;
}

export interface Form<Draft> {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  /** The properties of an input; `onChange` is the input's own affair. */
  field: <Name extends keyof Draft & string>(name: Name) => Field<Draft[Name]>;
  /** The properties of an input of text. */
  text: (name: TextNames<Draft>) => Field<string> & { onChange: (event: TextEvent) => void };
  /** For a part of a field, as `parameters.port`: `fault` is what its own rule says. */
  part: (path: string, fault: string | null) => Omit<Field<unknown>, "value">;
  /** The properties of <form>. */
  form: { noValidate: true; onSubmit: (event: FormEvent<HTMLFormElement>) => void };
  isPending: boolean;
  /** What could not be said at a field. */
  error: Error | null;
}

type TextNames<Draft> = { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft] &
  string;
type TextEvent = { currentTarget: { value: string } };

export function useForm<Draft extends object>(
  initial: Draft | (() => Draft),
  rules: Rules<Draft>,
  sending: Sending<Draft>,
  /** Told of every change, so that what was said of an older draft can be dropped. */
  onEdit?: () => void,
): Form<Draft> {
  const [draft, setDraft] = useState(initial);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [sent, setSent] = useState<Draft | null>(null);
  const [tries, setTries] = useState(0);
  const focusFault = useFaultFocus(tries, sending.error);

  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    onEdit?.();
  };
  const refused = sending.error instanceof ApiError ? sending.error.fields : {};
  const ruled = <Name extends keyof Draft>(name: Name) => rules[name]?.(draft[name], draft) ?? null;
  const part = (path: string, fault: string | null, refusal = refused[path] ?? null) => {
    const isShown = left.has(path) || tries > 0;
    const name = path.split(".")[0] as keyof Draft;
    const isAsSent = sent !== null && sent[name] === draft[name];
    return {
      error: (isShown ? fault : null) ?? (isAsSent ? refusal : null),
      onBlur: () => setLeft((before) => new Set(before).add(path)),
    };
  };
  const field = <Name extends keyof Draft & string>(name: Name): Field<Draft[Name]> => ({
    value: draft[name],
    ...part(name, ruled(name), refusalOf(refused, name)),
  });
  const text = (name: TextNames<Draft>) => ({
    ...(field(name) as unknown as Field<string>),
    onChange: (event: TextEvent) => set({ [name]: event.currentTarget.value } as Partial<Draft>),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    event.stopPropagation(); // a dialog's form may stand inside another, as React sees it
    focusFault.current = event.currentTarget;
    setTries((count) => count + 1);
    if ((Object.keys(rules) as (keyof Draft)[]).some((name) => ruled(name) !== null)) return;
    setSent(draft);
    sending.mutate(draft);
  };
  const named = Object.keys(refused);
  const isSaid = named.length > 0 && named.every((path) => (path.split(".")[0] ?? "") in draft);
  return {
    draft,
    set,
    field,
    text,
    part,
    form: { noValidate: true, onSubmit },
    isPending: sending.isPending,
    error: isSaid ? null : sending.error,
  };
}

/** After a try that failed, the first field that is wrong has the focus. */
function useFaultFocus(tries: number, error: Error | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }, [tries, error]);
  return form;
}

/** What was refused of a field or, failing that, of a part of it. */
function refusalOf(refused: Readonly<Record<string, string>>, name: string): string | null {
  const part = Object.keys(refused).find((path) => path.startsWith(`${name}.`));
  return refused[name] ?? (part === undefined ? null : (refused[part] ?? null));
}
