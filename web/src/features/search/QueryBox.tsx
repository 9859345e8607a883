import { Button, Group, TextInput } from "@mantine/core";
import { Search } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { SyntaxHelp } from "./SyntaxHelp";
import { TEXTS } from "./texts";

interface Props {
  query: string;
  onSearch: (query: string) => void;
}

export function QueryBox({ query, onSearch }: Props) {
  const [words, setWords] = useState(query);
  const box = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(words.trim());
  };
  const add = (example: string) => {
    setWords((before) => `${before} ${example}`.trimStart());
    box.current?.focus();
  };
  return (
    <search>
      <form onSubmit={submit}>
        <Group gap="sm" wrap="nowrap" maw={760}>
          <TextInput
            ref={box}
            style={{ flex: 1 }}
            size="md"
            aria-label={TEXTS.searchRecordings}
            placeholder={TEXTS.wordsPhrasePrefix}
            leftSection={<Search size={18} />}
            rightSection={<SyntaxHelp onPick={add} />}
            autoFocus
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <Button type="submit" size="md">
            {TEXTS.search}
          </Button>
        </Group>
      </form>
    </search>
  );
}
