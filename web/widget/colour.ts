/** A business's own colour, made readable: text on it, and the colour itself as text, keep 4.5:1. */

type Rgb = readonly [number, number, number];

export interface AccentColours {
  readonly accent: string;
  readonly accentStrong: string;
  readonly onAccent: string;
  /** The accent as text and as edges on the panel's paper. */
  readonly accentText: string;
  readonly accentSoft: string;
}

const LIGHT_PAPER: Rgb = [251, 250, 248];
const DARK_PAPER: Rgb = [34, 37, 41];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [16, 18, 20];

/** @param hex `#rrggbb` */
export function accentColours(hex: string, dark: boolean): AccentColours {
  const accent = parseHex(hex);
  const paper = dark ? DARK_PAPER : LIGHT_PAPER;
  const on = contrast(accent, WHITE) >= contrast(accent, BLACK) ? WHITE : BLACK;
  const soft = mix(accent, paper, dark ? 0.78 : 0.88);
  return {
    accent: toHex(accent),
    accentStrong: toHex(mix(accent, on === WHITE ? BLACK : WHITE, 0.15)),
    onAccent: toHex(on),
    accentText: toHex(readable(accent, soft, dark ? WHITE : BLACK)),
    accentSoft: toHex(soft),
  };
}

/** WCAG 2 contrast ratio, 1..21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** `colour`, moved towards `end` until it can be read on `paper`. */
function readable(colour: Rgb, paper: Rgb, end: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(colour, end, share);
    if (contrast(tried, paper) >= 4.6) return tried;
  }
  return end;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}

function toHex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
