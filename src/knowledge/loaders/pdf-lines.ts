import { joinRuns, type PdfFragment } from "./pdf-fragments.ts";

/** One printed line, in a frame turned with the text. In right-to-left text `left` is where the line begins, mirrored. */
export interface PdfLine {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  /** Height of the base line; larger is further up. */
  readonly base: number;
  /** Font size of most of the line. */
  readonly size: number;
  /** Degrees as the page is shown, rounded. */
  readonly angle: number;
}

/** Fragments on one base line, from left to right. */
export interface PdfRow {
  readonly fragments: readonly PdfFragment[];
  readonly base: number;
  readonly size: number;
  /** Base of its lowest line. */
  readonly lowest: number;
}

export interface PlacedLine extends PdfLine {
  /** Of its first fragment. */
  readonly order: number;
}

/** Bases that differ by less than this share of a font size are on one line. */
const SAME_BASE = 0.4;
/** Height of letters above and below the base line, and what they may overlap, in font sizes. */
const ASCENT = 0.75;
const DESCENT = 0.2;
const OVERLAP = 0.15;
/** Fragments of one line that are not painted one after the other belong together up to this gap, in font sizes. */
const LINE_GAP = 1.2;

/** Rows from the top down. */
export function rowsOf(fragments: readonly PdfFragment[]): readonly PdfRow[] {
  const rows: { fragments: PdfFragment[]; base: number; size: number; lowest: number }[] = [];
  for (const fragment of fragments.toSorted((a, b) => b.base - a.base || a.left - b.left)) {
    const row = rows.at(-1);
    if (row && row.base - fragment.base < Math.min(row.size, fragment.size) * SAME_BASE) {
      row.fragments.push(fragment);
      row.size = Math.max(row.size, fragment.size);
      row.lowest = fragment.base;
    } else
      rows.push({ fragments: [fragment], base: fragment.base, size: fragment.size, lowest: fragment.base });
  }
  for (const row of rows) row.fragments.sort((a, b) => a.left - b.left || a.order - b.order);
  return rows;
}

/**
 * Like rows, but with everything that overlaps in height in one: a cell in the middle of its row stands between the
 * lines of its neighbour.
 */
export function bandsOf(fragments: readonly PdfFragment[]): readonly PdfRow[] {
  const bands: { fragments: PdfFragment[]; base: number; size: number; lowest: number }[] = [];
  for (const row of rowsOf(fragments)) {
    const band = bands.at(-1);
    const bottom = band ? band.lowest - band.size * DESCENT : 0;
    if (band && row.base + row.size * ASCENT - bottom > row.size * OVERLAP) {
      band.fragments.push(...row.fragments);
      band.size = Math.max(band.size, row.size);
      band.lowest = row.lowest;
    } else bands.push({ ...row, fragments: [...row.fragments] });
  }
  for (const band of bands) band.fragments.sort((a, b) => a.left - b.left || b.base - a.base);
  return bands;
}

/** Lines of a region that is one column, or that could not be told to be more, in no particular order. */
export function linesOf(fragments: readonly PdfFragment[]): readonly PlacedLine[] {
  return rowsOf(fragments).flatMap((row) => {
    const lines: PdfFragment[][] = [];
    for (const fragment of row.fragments) {
      const line = lines.findLast((candidate) => belongsTo(candidate, fragment));
      if (line) line.push(fragment);
      else lines.push([fragment]);
    }
    return lines.map(toLine);
  });
}

/** Lines in the order of painting, each made of neighbours in that order. */
export function paintedLines(fragments: readonly PdfFragment[]): readonly PlacedLine[] {
  const lines: PdfFragment[][] = [];
  for (const fragment of fragments) {
    const last = lines.at(-1)?.at(-1);
    const isBeside = last && Math.abs(last.base - fragment.base) < fragment.size * SAME_BASE;
    if (isBeside && fragment.left > last.left) lines.at(-1)?.push(fragment);
    else lines.push([fragment]);
  }
  return lines.map(toLine);
}

function belongsTo(line: readonly PdfFragment[], fragment: PdfFragment): boolean {
  const last = line.at(-1);
  if (!last) return false;
  const size = Math.max(last.size, fragment.size);
  const gap = fragment.left - last.right;
  if (gap < -size * 0.5) return false;
  return gap <= size * LINE_GAP || fragment.order === last.order + 1;
}

function toLine(fragments: readonly PdfFragment[]): PlacedLine {
  let [longest] = fragments;
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let order = Number.POSITIVE_INFINITY;
  for (const fragment of fragments) {
    if (!longest || fragment.text.length > longest.text.length) longest = fragment;
    left = Math.min(left, fragment.left);
    right = Math.max(right, fragment.right);
    order = Math.min(order, fragment.order);
  }
  const { size = 1, angle = 0 } = longest ?? {};
  return { text: joinRuns(fragments), left, right, base: fragments[0]?.base ?? 0, size, angle, order };
}
