/** One run of text as pdf.js gives it. `transform` is [a b c d e f] of the PDF text matrix in page units (1/72 inch). */
export interface PdfTextItem {
  readonly str: string;
  readonly dir: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

/** One printed line. Positions are in a frame turned with the text, so that rotated text reads like any other. */
export interface PdfLine {
  readonly text: string;
  /** Where the line starts and ends along its own direction. */
  readonly left: number;
  readonly right: number;
  /** Height of the base line; larger is further up. */
  readonly base: number;
  /** Font size of most of the line. */
  readonly size: number;
  /** Degrees, rounded. */
  readonly angle: number;
}

interface OpenLine {
  text: string;
  left: number;
  right: number;
  base: number;
  size: number;
  angle: number;
  longestRun: number;
}

interface PlacedRun {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly base: number;
  readonly size: number;
  readonly angle: number;
  readonly rightToLeft: boolean;
}

/** Joins the runs of a page to lines, in the order in which the page paints them. */
export function linesOf(items: readonly PdfTextItem[]): readonly PdfLine[] {
  const lines: PdfLine[] = [];
  const painted = new Set<string>();
  let open: OpenLine | undefined;
  const close = (): void => {
    if (open && open.text.trim() !== "") lines.push({ ...open, text: open.text.trim() });
    open = undefined;
  };
  for (const item of items) {
    if (item.str !== "") {
      const run = place(item);
      // Shadows and poor man's bold paint the same text twice at nearly the same place.
      const key = `${run.text}@${Math.round(run.left)},${Math.round(run.base)}`;
      const repeated = run.text.trim() !== "" && painted.has(key);
      painted.add(key);
      if (!repeated) {
        if (open && !continuesLine(open, run)) close();
        open = append(open, run);
      }
    }
    if (item.hasEOL) close();
  }
  close();
  return lines;
}

function place(item: PdfTextItem): PlacedRun {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform;
  const radians = Math.atan2(b, a);
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const left = e * cos + f * sin;
  return {
    text: item.str,
    left,
    right: left + item.width,
    base: f * cos - e * sin,
    size: Math.hypot(c, d) || item.height || 1,
    angle: Math.round((radians * 180) / Math.PI),
    rightToLeft: item.dir === "rtl",
  };
}

function continuesLine(line: OpenLine, run: PlacedRun): boolean {
  const size = Math.max(line.size, run.size);
  const overlap = Math.min(line.right, run.right) - Math.max(line.left, run.left);
  return (
    Math.abs(line.angle - run.angle) <= 1 &&
    Math.abs(line.base - run.base) < size * 0.6 &&
    (run.rightToLeft || run.right > line.left) &&
    overlap < Math.max(size, (run.right - run.left) * 0.5)
  );
}

function append(line: OpenLine | undefined, run: PlacedRun): OpenLine {
  if (!line) return { ...run, longestRun: run.text.length };
  const spaced = /\s$/.test(line.text) || /^\s/.test(run.text);
  const gap = run.rightToLeft ? line.left - run.right : run.left - line.right;
  if (!spaced && gap > run.size * 0.2) line.text += " ";
  line.text += run.text;
  line.left = Math.min(line.left, run.left);
  line.right = Math.max(line.right, run.right);
  if (run.text.trim().length > line.longestRun) {
    line.size = run.size;
    line.longestRun = run.text.length;
  }
  return line;
}
