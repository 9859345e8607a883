/** Sizes for people. */

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** "512 B", "1.4 MB": decimal units, one digit after the point from kB on. */
export function bytesText(size: number): string {
  const power = size < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 100 ? 1 : 0)} ${UNITS[power]}`;
}
