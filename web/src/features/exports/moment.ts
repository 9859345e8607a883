/** Moments of a recording as people type them, and back. Pure. */

const FORM = /^(?:(?:(\d{1,4}):)?(\d{1,2}):)?(\d{1,5}(?:[.,]\d{1,3})?)$/;

/** "1:02:03.5", "2:03" or "123" in ms; null for what is no moment. */
export function momentMs(text: string): number | null {
  const found = FORM.exec(text.trim());
  if (found === null) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = found;
  return (
    (Number(hours) * 60 + Number(minutes)) * 60_000 + Math.round(Number(seconds.replace(",", ".")) * 1000)
  );
}

/** As `momentMs` reads it, to the ms: "0:07", "1:02:03.500". */
export function momentText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const pad = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor(whole / 60_000) % 60;
  const rest = whole % 1000 === 0 ? "" : `.${String(whole % 1000).padStart(3, "0")}`;
  const seconds = `${pad(Math.floor(whole / 1000) % 60)}${rest}`;
  return hours > 0 ? `${hours}:${pad(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}
