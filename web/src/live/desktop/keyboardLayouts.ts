/** Keyboard layouts that guacd's RDP support knows (parameter `server-layout`). */

export const KEYBOARD_LAYOUTS: readonly { value: string; label: string }[] = [
  { value: "en-us-qwerty", label: "English (US)" },
  { value: "en-gb-qwerty", label: "English (UK)" },
  { value: "de-de-qwertz", label: "German" },
  { value: "de-ch-qwertz", label: "German (Switzerland)" },
  { value: "fr-fr-azerty", label: "French" },
  { value: "fr-be-azerty", label: "French (Belgium)" },
  { value: "fr-ch-qwertz", label: "French (Switzerland)" },
  { value: "es-es-qwerty", label: "Spanish" },
  { value: "es-latam-qwerty", label: "Spanish (Latin America)" },
  { value: "it-it-qwerty", label: "Italian" },
  { value: "pt-br-qwerty", label: "Portuguese (Brazil)" },
  { value: "sv-se-qwerty", label: "Swedish" },
  { value: "da-dk-qwerty", label: "Danish" },
  { value: "hu-hu-qwertz", label: "Hungarian" },
  { value: "tr-tr-qwerty", label: "Turkish (Q)" },
  { value: "ja-jp-qwerty", label: "Japanese" },
  { value: "failsafe", label: "Unicode (any other)" },
];

/** The layout most likely in front of a person whose browser speaks this language. */
export function layoutForLanguage(language: string): string {
  const wanted = language.toLowerCase();
  const exact = KEYBOARD_LAYOUTS.find(({ value }) => value.startsWith(`${wanted}-`));
  const family = KEYBOARD_LAYOUTS.find(({ value }) => value.startsWith(`${wanted.split("-")[0]}-`));
  return (exact ?? family)?.value ?? "failsafe";
}
