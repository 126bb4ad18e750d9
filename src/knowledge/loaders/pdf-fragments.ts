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

/** A piece of a line without a gap in it: a line of a column, a cell of a table, or part of them. */
export interface PdfFragment extends PdfRun {
  readonly runs: readonly PdfRun[];
  /** Place in the order in which the page paints its fragments. */
  readonly order: number;
}

/** A wider gap between two runs, in font sizes, ends a fragment. Spaces of justified lines are rarely wider. */
const GAP = 0.75;
/** The same between the mark of a footnote and its text. */
const MARK_GAP = 2.5;
/** One character of Chinese or Japanese. */
const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。、「」ー（）・]$/u;
/** Letters in the shape that they have at their place in a word. */
const PRESENTATION_FORMS = /[\uFB50-\uFDFF\uFE70-\uFEFC]+/g;
/** A gap from here on is a space. */
export const SPACE = 0.2;

/** Joins the runs of a page to fragments. @param rotation of the page, degrees clockwise */
export function fragmentsOf(items: readonly PdfTextItem[], rotation = 0): readonly PdfFragment[] {
  const fragments: PdfFragment[] = [];
  const painted = new Set<string>();
  let open: PdfRun[] = [];
  let isSpaced = false;
  const close = (): void => {
    const runs = inWritingOrder(open);
    const text = joinRuns(runs);
    if (text !== "") fragments.push(toFragment(runs, text, fragments.length));
    open = [];
  };
  for (const [index, item] of items.entries()) {
    const isVertical =
      item.dir === "ttb" || isStacked(item, items[index - 1]) || isStacked(items[index + 1], item);
    if (item.str.trim() !== "") {
      const run = place(item, rotation, isVertical);
      // Shadows and poor man's bold paint the same text twice at nearly the same place.
      const key = `${run.text}@${Math.round(run.left)},${Math.round(run.base)},${run.angle}`;
      const isRepeated = painted.has(key);
      painted.add(key);
      if (isRepeated) continue;
      if (open.length > 0 && !continues(open, run)) close();
      open.push(isSpaced && open.length > 0 ? { ...run, text: ` ${run.text}` } : run);
      isSpaced = false;
    } else if (item.str !== "") isSpaced = true;
    if (item.hasEOL && !isVertical) close();
  }
  close();
  return fragments;
}

/** Vertical writing may come one character at a time, each below the other. */
function isStacked(item: PdfTextItem | undefined, above: PdfTextItem | undefined): boolean {
  if (!item || !above || !IDEOGRAPH.test(item.str) || !IDEOGRAPH.test(above.str)) return false;
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
  const size = Math.hypot(c, d) || item.height || 1;
  const left = e * cos + f * sin;
  return {
    text: item.str,
    left,
    right: left + (isVertical ? Math.max(item.height, size) : item.width),
    base: f * cos - e * sin,
    size,
    angle: upright(Math.round((radians * 180) / Math.PI) - rotation),
    rightToLeft: item.dir === "rtl",
    font: item.fontName ?? "",
  };
}

/** An angle within -179..180. */
function upright(degrees: number): number {
  return ((((degrees + 179) % 360) + 360) % 360) - 179;
}

function continues(open: readonly PdfRun[], run: PdfRun): boolean {
  const first = open[0] ?? run;
  const left = Math.min(...open.map((other) => other.left));
  const right = Math.max(...open.map((other) => other.right));
  const size = Math.max(run.size, ...open.map((other) => other.size));
  const overlap = Math.min(right, run.right) - Math.max(left, run.left);
  const gap = run.rightToLeft ? Math.max(left - run.right, run.left - right) : run.left - right;
  return (
    Math.abs(first.angle - run.angle) <= 1 &&
    Math.abs(first.base - run.base) < size * 0.6 &&
    (run.rightToLeft || run.right > left) &&
    overlap < Math.max(size, (run.right - run.left) * 0.5) &&
    gap <= size * (isRaised(first, run) ? MARK_GAP : GAP)
  );
}

/** The mark of a footnote before its text: smaller and on a line of its own making. */
function isRaised(mark: PdfRun, run: PdfRun): boolean {
  return mark.size < run.size * 0.85 && Math.abs(mark.base - run.base) > run.size * 0.15;
}

/** The text of runs in their order, with a space where there is a gap. */
export function joinRuns(runs: readonly PdfRun[]): string {
  let text = "";
  let previous: PdfRun | undefined;
  for (const run of runs) {
    if (previous && !/\s$/.test(text) && !/^\s/.test(run.text)) {
      const gap = Math.max(run.left - previous.right, previous.left - run.right);
      if (gap > run.size * SPACE || Math.abs(run.base - previous.base) > run.size * 0.8) text += " ";
    }
    text += run.text;
    previous = run;
  }
  return text.trim();
}

/**
 * Right-to-left text may be painted in either direction, letter by letter even; numbers and Latin words inside it are
 * read from left to right.
 */
function inWritingOrder(runs: readonly PdfRun[]): readonly PdfRun[] {
  const rightToLeft = runs.filter((run) => run.rightToLeft).length;
  if (rightToLeft <= runs.length / 2) return runs;
  const ordered: PdfRun[] = [];
  let latin: PdfRun[] = [];
  for (const run of runs.toSorted((a, b) => b.right - a.right)) {
    const text = run.text.trim().replace(PRESENTATION_FORMS, (letters) => letters.normalize("NFKC"));
    if (run.rightToLeft) {
      ordered.push(...latin, { ...run, text });
      latin = [];
    } else latin.unshift({ ...run, text });
  }
  return [...ordered, ...latin];
}

function toFragment(runs: readonly PdfRun[], text: string, order: number): PdfFragment {
  let longest = runs[0];
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (const run of runs) {
    if (!longest || run.text.trim().length > longest.text.trim().length) longest = run;
    left = Math.min(left, run.left);
    right = Math.max(right, run.right);
  }
  const { angle = 0 } = runs[0] ?? {};
  const rightToLeft = runs.filter((run) => run.rightToLeft).length > runs.length / 2;
  const { base = 0, size = 1, font = "" } = longest ?? {};
  return { text, left, right, base, size, angle, rightToLeft, font, runs, order };
}

/** The same page in a mirror: right-to-left columns, lines and cells are then in the order of left-to-right ones. */
export function mirrored(fragment: PdfFragment): PdfFragment {
  return {
    ...fragment,
    left: -fragment.right,
    right: -fragment.left,
    runs: fragment.runs.map((run) => ({ ...run, left: -run.right, right: -run.left, rightToLeft: false })),
  };
}
