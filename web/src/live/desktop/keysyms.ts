/** Keysyms (X11) by name, and the characters that a browser reports in halves. Pure. */

export const KEYSYM = {
  TAB: 0xff09,
  ESCAPE: 0xff1b,
  DELETE: 0xffff,
  SHIFT: 0xffe1,
  CONTROL: 0xffe3,
  ALT: 0xffe9,
  SUPER: 0xffeb,
  ALT_GR: 0xfe03,
} as const;

/** Every modifier that may be down: left and right, as browsers and layouts name them. */
export const MODIFIERS: readonly number[] = [
  KEYSYM.SHIFT,
  0xffe2, // Shift_R
  KEYSYM.CONTROL,
  0xffe4, // Control_R
  0xffe7, // Meta_L
  0xffe8, // Meta_R
  KEYSYM.ALT,
  0xffea, // Alt_R
  KEYSYM.SUPER,
  0xffec, // Super_R
  KEYSYM.ALT_GR,
  0xff7e, // Mode_switch
];

/** Pressed and released alone, these do nothing at a target; Alt would open a menu, Super the start menu. */
export const HARMLESS_ALONE: readonly number[] = [KEYSYM.SHIFT, KEYSYM.CONTROL, KEYSYM.ALT_GR];

const UNICODE = 0x0100_0000; // keysym of a character beyond Latin-1: this and its code point

/**
 * Characters beyond the basic plane reach us as UTF-16 surrogates: guacamole-common-js walks typed text by units, so that
 * half a character follows the whole one, and some browsers report one key press for each half.
 */
export class SurrogatePairs {
  private high: number | null = null;

  /** The keysym to press instead, or null when `keysym` is half a character and the other half is missing. */
  join(keysym: number): number | null {
    const unit = keysym - UNICODE;
    const high = this.high;
    this.high = null;
    if (!isHalf(keysym)) return keysym;
    if (unit < 0xdc00) {
      this.high = unit;
      return null;
    }
    return high === null ? null : UNICODE + 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
  }
}

/** Whether this keysym is half a character, which no target can type. */
export function isHalf(keysym: number): boolean {
  return keysym >= UNICODE + 0xd800 && keysym <= UNICODE + 0xdfff;
}
