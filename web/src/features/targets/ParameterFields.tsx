/** The form of a protocol's own parameters, as the gateway describes them. */
import { Accordion, type InputWrapperProps, NumberInput, Select, SimpleGrid, TextInput } from "@mantine/core";
import type { Parameter } from "../../api/types";

interface Props {
  parameters: Parameter[];
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

export function ParameterFields({ parameters, values, onChange }: Props) {
  if (parameters.length === 0) return null;
  const set = (name: string, value: string) => onChange({ ...values, [name]: value });
  return (
    <Accordion variant="contained" radius="md">
      <Accordion.Item value="parameters">
        <Accordion.Control fz="sm">Protocol parameters</Accordion.Control>
        <Accordion.Panel>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {parameters.map((parameter) => (
              <ParameterField
                key={parameter.name}
                parameter={parameter}
                value={values[parameter.name] ?? ""}
                onChange={(value) => set(parameter.name, value)}
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
  onChange: (value: string) => void;
}

function ParameterField({ parameter, value, onChange }: FieldProps) {
  const shared = { label: parameter.title, description: parameter.help, inputWrapperOrder: ORDER };
  const standard = parameter.default === "" ? "" : `Default: ${choiceLabel(parameter.default)}`;
  if (parameter.kind === "boolean" || parameter.kind === "choice") {
    const choices = parameter.kind === "boolean" ? ["true", "false"] : parameter.choices.filter(Boolean);
    const data = choices.map((choice) => ({ value: choice, label: choiceLabel(choice) }));
    return (
      <Select
        {...shared}
        clearable
        placeholder={standard || "Default"}
        data={data}
        value={value === "" ? null : value}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
    );
  }
  if (parameter.kind === "number") {
    return (
      <NumberInput
        {...shared}
        placeholder={standard}
        allowDecimal={false}
        value={value === "" ? "" : Number(value)}
        onChange={(number) => onChange(String(number))}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      placeholder={standard}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function choiceLabel(choice: string): string {
  if (choice === "true") return "Yes";
  return choice === "false" ? "No" : choice;
}
