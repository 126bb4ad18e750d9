/** One run of text as pdf.js gives it. `transform` is [a b c d e f] of the PDF text matrix in page units (1/72 inch). */
export interface PdfTextItem {
  readonly str: string;
  readonly dir: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
  /** The same name, the same font, within a document. */
  readonly fontName?: string;
}

/** Text that is painted in one go. Positions are in a frame turned with the text, so that rotated text reads like any other. */
export interface PdfRun {
  readonly text: string;
  /** Where it starts and ends along its own direction. */
  readonly left: number;
  readonly right: number;
  /** Height of the base line; larger is further up. */
  readonly base: number;
  readonly size: number;
  /** Degrees as the page is shown, rounded. */
  readonly angle: number;
  readonly rightToLeft: boolean;
  readonly font: string;
}

/** One character of Chinese or Japanese. */
const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。、「」ー（）・]$/u;

/** Places the texts of a page. @param rotation of the page, degrees clockwise */
export function* runsOf(
  items: readonly PdfTextItem[],
  rotation: number,
): Generator<{ readonly run: PdfRun | "space" | undefined; readonly endsLine: boolean }> {
  for (const [index, item] of items.entries()) {
    const isVertical =
      item.dir === "ttb" || isStacked(item, items[index - 1]) || isStacked(items[index + 1], item);
    const endsLine = item.hasEOL && !isVertical;
    if (item.str.trim() !== "") yield { run: place(item, rotation, isVertical), endsLine };
    else yield { run: item.str === "" ? undefined : "space", endsLine };
  }
}

/** Vertical writing may come one character at a time, each below the other. */
function isStacked(item: PdfTextItem | undefined, above: PdfTextItem | undefined): boolean {
  if (!item || !above || item.str.length !== 1 || above.str.length !== 1) return false;
  if (!IDEOGRAPH.test(item.str) || !IDEOGRAPH.test(above.str)) return false;
  const [size = 1, b = 0, , , x = 0, y = 0] = item.transform;
  const [, , , , xAbove = 0, yAbove = 0] = above.transform;
  const down = yAbove - y;
  return b === 0 && Math.abs(x - xAbove) < size * 0.2 && down > size * 0.7 && down < size * 1.4;
}

function place(item: PdfTextItem, rotation: number, isVertical: boolean): PdfRun {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform;
  // Vertical writing goes down the page: its lines are lines turned by a quarter.
  const radians = Math.atan2(b, a) - (isVertical ? Math.PI / 2 : 0);
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const size = finite(Math.hypot(c, d)) || finite(item.height) || 1;
  const left = finite(e * cos + f * sin);
  return {
    text: item.str,
    left,
    right: left + finite(isVertical ? Math.max(item.height, size) : item.width),
    base: finite(f * cos - e * sin),
    size,
    angle: upright(Math.round((finite(radians) * 180) / Math.PI) - rotation),
    rightToLeft: item.dir === "rtl",
    font: item.fontName ?? "",
  };
}

/** An angle within -179..180. */
function upright(degrees: number): number {
  return ((((degrees + 179) % 360) + 360) % 360) - 179;
}

/** A broken file may place text nowhere; it is read all the same. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
