/** Keyboard layouts that guacd's RDP support knows (parameter `server-layout`). */
import { TEXTS } from "./texts";

export const KEYBOARD_LAYOUTS: readonly { value: string; label: string }[] = [
  { value: "en-us-qwerty", label: TEXTS.englishUs },
  { value: "en-gb-qwerty", label: TEXTS.englishUk },
  { value: "de-de-qwertz", label: TEXTS.german },
  { value: "de-ch-qwertz", label: TEXTS.germanSwitzerland },
  { value: "fr-fr-azerty", label: TEXTS.french },
  { value: "fr-be-azerty", label: TEXTS.frenchBelgium },
  { value: "fr-ch-qwertz", label: TEXTS.frenchSwitzerland },
  { value: "es-es-qwerty", label: TEXTS.spanish },
  { value: "es-latam-qwerty", label: TEXTS.spanishLatinAmerica },
  { value: "it-it-qwerty", label: TEXTS.italian },
  { value: "pt-br-qwerty", label: TEXTS.portugueseBrazil },
  { value: "sv-se-qwerty", label: TEXTS.swedish },
  { value: "da-dk-qwerty", label: TEXTS.danish },
  { value: "hu-hu-qwertz", label: TEXTS.hungarian },
  { value: "tr-tr-qwerty", label: TEXTS.turkishQ },
  { value: "ja-jp-qwerty", label: TEXTS.japanese },
  { value: "failsafe", label: TEXTS.unicodeAnyOther },
];

/** The layout most likely in front of a person whose browser speaks this language. */
export function layoutForLanguage(language: string): string {
  const wanted = language.toLowerCase();
  const exact = KEYBOARD_LAYOUTS.find(({ value }) => value.startsWith(`${wanted}-`));
  const family = KEYBOARD_LAYOUTS.find(({ value }) => value.startsWith(`${wanted.split("-")[0]}-`));
  return (exact ?? family)?.value ?? "failsafe";
}
