/** The form of a protocol's own parameters, as the gateway describes them. */
import { Accordion, type InputWrapperProps, NumberInput, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Parameter } from "../../api/types";
import type { Form } from "../../elements/useForm";
import type { Draft } from "./draft";
import { parameterFault } from "./parameterRules";
import { TEXTS } from "./texts";

interface Props {
  parameters: Parameter[];
  form: Form<Draft>;
}

const ITEM = "parameters";

export function ParameterFields({ parameters, form }: Props) {
  const [opened, setOpened] = useState<string | null>(null);
  if (parameters.length === 0) return null;
  const values = form.draft.parameters;
  const fields = parameters.map((parameter) => {
    const value = values[parameter.name] ?? "";
    return {
      parameter,
      value,
      ...form.part(`parameters.${parameter.name}`, parameterFault(parameter, value)),
    };
  });
  // What is wrong has to be seen.
  const hasError = fields.some(({ error }) => error !== null);
  return (
    <Accordion variant="contained" radius="md" value={hasError ? ITEM : opened} onChange={setOpened}>
      <Accordion.Item value={ITEM}>
        <Accordion.Control fz="sm">{TEXTS.protocolParameters}</Accordion.Control>
        <Accordion.Panel>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {fields.map(({ parameter, ...field }) => (
              <ParameterField
                key={parameter.name}
                parameter={parameter}
                {...field}
                onChange={(value) => form.set({ parameters: { ...values, [parameter.name]: value } })}
              />
            ))}
          </SimpleGrid>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

// Inputs side by side stay in line when the text on them differs in length.
const ORDER: NonNullable<InputWrapperProps["inputWrapperOrder"]> = ["label", "input", "description", "error"];

interface FieldProps {
  parameter: Parameter;
  value: string;
  error: string | null;
  onBlur: () => void;
  onChange: (value: string) => void;
}

function ParameterField({ parameter, value, error, onBlur, onChange }: FieldProps) {
  const standard = parameter.default === "" ? "" : TEXTS.defaultIs(choiceLabel(parameter.default));
  const shared = {
    label: parameter.title,
    description: parameter.help,
    inputWrapperOrder: ORDER,
    placeholder: standard,
    error,
    onBlur,
  };
  if (parameter.kind === "boolean" || parameter.kind === "choice") {
    const choices = parameter.kind === "boolean" ? ["true", "false"] : parameter.choices.filter(Boolean);
    return (
      <Select
        {...shared}
        clearable
        placeholder={standard || TEXTS.default}
        data={choices.map((choice) => ({ value: choice, label: choiceLabel(choice) }))}
        value={value === "" ? null : value}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
    );
  }
  if (parameter.kind === "number") {
    return (
      <NumberInput
        {...shared}
        value={value}
        clampBehavior="none"
        onChange={(number) => onChange(String(number))}
      />
    );
  }
  return <TextInput {...shared} value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
}

function choiceLabel(choice: string): string {
  if (choice === "true") return TEXTS.yes;
  return choice === "false" ? TEXTS.no : choice;
}
