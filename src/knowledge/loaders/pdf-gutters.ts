import type { PdfFragment } from "./pdf-fragments.ts";
import { type PdfRow, rowsOf } from "./pdf-lines.ts";

/** In font sizes: what is narrower is no column of text, and what is closer is a space. */
const LEAST_COLUMN = 8;
const LEAST_GUTTER = 0.5;
/** Least share of a column's width that its lines fill on average; running text is nearly full. */
const RAGGED = 0.55;
const FULL = 0.8;

interface Side {
  readonly rows: number;
  readonly characters: number;
  readonly top: number;
  readonly bottom: number;
  /** How far its lines reach on average, gaps in them included: a share of its width. */
  readonly reach: number;
  readonly isProse: boolean;
}

/** Nothing stands in the gutter, and every line fits into its column. */
export function isClear(rows: readonly PdfRow[], x: number, size: number): boolean {
  const fragments = rows.flatMap((row) => row.fragments);
  return gutterAt(fragments, x) >= LEAST_GUTTER * size;
}

/** How many pieces stand on both sides of `x`. */
export function straddling(fragments: readonly PdfFragment[], x: number): number {
  let count = 0;
  for (const { left, right } of fragments) if (left < x - 1 && right > x + 1) count++;
  return count;
}

/** Width of the empty strip, a few outliers left aside. Infinite where one side is empty. */
function gutterAt(fragments: readonly PdfFragment[], x: number): number {
  const ends: number[] = [];
  const begins: number[] = [];
  for (const fragment of fragments) {
    if (isLeftOf(fragment, x)) ends.push(fragment.right);
    else begins.push(fragment.left);
  }
  if (ends.length === 0 || begins.length === 0) return Number.POSITIVE_INFINITY;
  ends.sort((a, b) => a - b);
  begins.sort((a, b) => a - b);
  return quantile(begins, 0.05) - quantile(ends, 0.95);
}

/** How much is gained by reading the sides of `x` one after the other: 0 unless both are running text. */
export function columnsIn(rows: readonly PdfRow[], x: number, size: number): number {
  const fragments = rows.flatMap((row) => row.fragments);
  const leftOnes = fragments.filter((fragment) => isLeftOf(fragment, x));
  const rightOnes = fragments.filter((fragment) => !isLeftOf(fragment, x));
  if (leftOnes.length < 2 || rightOnes.length < 2) return 0;
  const gutter = gutterAt(fragments, x) / size;
  if (gutter < LEAST_GUTTER) return 0;
  const left = sideOf(leftOnes);
  const right = sideOf(rightOnes);
  if (!left.isProse || !right.isProse || Math.max(left.rows, right.rows) < 4) return 0;
  const shared = Math.min(left.top, right.top) - Math.max(left.bottom, right.bottom);
  const shorter = Math.min(left.top - left.bottom, right.top - right.bottom);
  if (shared < shorter * 0.5) return 0;
  const fewer = Math.min(left.rows, right.rows);
  const switches = sideSwitches(fragments, x);
  // Painted to and fro: line by line, or cell by cell of a table. Only lines that are nearly all full are columns.
  const isMixed = switches >= Math.max(4, fewer * 0.5);
  if (isMixed && (Math.min(left.reach, right.reach) < FULL || sharedBlocks(leftOnes, rightOnes) >= 3))
    return 0;
  // The wider of two gutters: numbers of list items stand apart from their text, too. And the edge of the column
  // rather than the edge of its indented lines.
  const clean = 1 - straddling(fragments, x) / fragments.length;
  return Math.min(left.characters, right.characters) * (1 + Math.min(gutter, 4) / 4) * clean;
}

function sideOf(fragments: readonly PdfFragment[]): Side {
  const rows = rowsOf(fragments);
  const size = usualSize(fragments);
  const lengths = rows.map((row) => row.fragments.reduce((sum, { text }) => sum + text.length, 0));
  const spans = rows
    .map((row) => (row.fragments.at(-1)?.right ?? 0) - (row.fragments[0]?.left ?? 0))
    .sort((a, b) => a - b);
  const inks = rows.map((row) => row.fragments.reduce((sum, { left, right }) => sum + right - left, 0));
  const width = quantile(spans, 0.9);
  const fill = inks.reduce((sum, ink) => sum + ink, 0) / rows.length / Math.max(width, 1);
  return {
    rows: rows.length,
    characters: lengths.reduce((sum, length) => sum + length, 0),
    top: (rows[0]?.base ?? 0) + size,
    bottom: rows.at(-1)?.base ?? 0,
    reach: spans.reduce((sum, span) => sum + span, 0) / rows.length / Math.max(width, 1),
    isProse:
      rows.length >= 2 &&
      width >= LEAST_COLUMN * size &&
      fill >= RAGGED &&
      quantile(
        lengths.sort((a, b) => a - b),
        0.5,
      ) >= 15,
  };
}

/**
 * Blocks that begin at the same height on both sides and are parted by the same gaps: rows of a table whose cells
 * hold several lines. Columns of text seldom break at the same height twice.
 */
function sharedBlocks(left: readonly PdfFragment[], right: readonly PdfFragment[]): number {
  const starts = blockStarts(right);
  const shared = blockStarts(left).filter(({ base, size }) =>
    starts.some((other) => Math.abs(other.base - base) < size * 0.3),
  );
  return shared.length >= starts.length * 0.7 ? shared.length : 0;
}

function blockStarts(fragments: readonly PdfFragment[]): readonly PdfRow[] {
  const rows = rowsOf(fragments);
  const gaps = rows.map((row, index) => (rows[index - 1]?.base ?? row.base) - row.base);
  const usual = quantile(
    gaps.slice(1).sort((a, b) => a - b),
    0.4,
  );
  return rows.filter((_, index) => index === 0 || (gaps[index] ?? 0) > usual * 1.25);
}

/** How often painting goes from one side to the other: twice a row where it goes line by line or cell by cell. */
function sideSwitches(fragments: readonly PdfFragment[], x: number): number {
  let switches = 0;
  let previous: boolean | undefined;
  for (const fragment of fragments.toSorted((a, b) => a.order - b.order)) {
    const left = isLeftOf(fragment, x);
    if (previous !== undefined && previous !== left) switches++;
    previous = left;
  }
  return switches;
}

export function isLeftOf(fragment: PdfFragment, x: number): boolean {
  return fragment.right <= x + 1 || (fragment.left < x - 1 && (fragment.left + fragment.right) / 2 < x);
}

/** Font size of most of the text. */
export function usualSize(fragments: readonly PdfFragment[]): number {
  const sizes = fragments.toSorted((a, b) => a.size - b.size);
  const half = sizes.reduce((sum, { text }) => sum + text.length, 0) / 2;
  let sum = 0;
  for (const { size, text } of sizes) {
    sum += text.length;
    if (sum >= half) return size;
  }
  return 10;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
