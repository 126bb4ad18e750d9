import type { PdfFragment } from "./pdf-fragments.ts";
import { type PdfRow, rowsOf } from "./pdf-lines.ts";
import { type PdfTable, tablesIn } from "./pdf-tables.ts";

/** A page of more pieces than this is a drawing; it is read in the order in which it is painted. */
export const MAX_FRAGMENTS = 4_000;
const MAX_DEPTH = 12;
const MAX_CANDIDATES = 12;
/** In font sizes: what is narrower is no column of text, and what is closer is a space. */
const LEAST_COLUMN = 8;
const LEAST_GUTTER = 0.5;
/** Least share of a column's width that its lines fill on average; running text is nearly full. */
const RAGGED = 0.55;
const FULL = 0.8;
/** A line reaches over a gutter if it goes this far to both sides, in font sizes; an overfull line does not. */
const CROSSING = 1.5;

/** Share of the pieces of a page that may stand where a gutter is looked for: headings, figures, wide tables. */
const MOST_STRADDLING = 0.6;

interface Side {
  readonly rows: number;
  readonly characters: number;
  readonly top: number;
  readonly bottom: number;
  /** How far its lines reach on average, gaps in them included: a share of its width. */
  readonly reach: number;
  readonly isProse: boolean;
}

interface Band {
  readonly rows: PdfRow[];
  readonly crosses: boolean;
  isColumns: boolean;
}

interface Cut {
  readonly x: number;
  readonly score: number;
  readonly bands: readonly Band[];
}

/**
 * Divides a page into regions of one column each, in reading order: looks for a vertical gutter with running text on
 * both sides, takes what reaches over it (headings, wide tables) as borders between bands, and does the same with
 * every part (a recursive XY cut). What is not clearly columns stays together.
 */
export function regionsOf(fragments: readonly PdfFragment[], depth = 0): readonly (readonly PdfFragment[])[] {
  if (fragments.length < 8 || fragments.length > MAX_FRAGMENTS || depth > MAX_DEPTH) return [fragments];
  const { top, middle, bottom } = depth === 0 ? peeled(fragments) : whole(fragments);
  const cut = bestCut(middle);
  if (!cut) return [fragments];
  const parts = partsOf(cut);
  if (parts.length < 2) return [fragments];
  return [
    ...top,
    ...parts.flatMap((part) => (part.length < fragments.length ? regionsOf(part, depth + 1) : [part])),
    ...bottom,
  ];
}

/** Header and footer stand apart from the text by a gap; left and right halves of theirs are not parts of columns. */
function peeled(fragments: readonly PdfFragment[]): ReturnType<typeof whole> {
  const rows = [...rowsOf(fragments)];
  const isApart = (outer: PdfRow | undefined, inner: PdfRow | undefined): boolean =>
    outer !== undefined &&
    inner !== undefined &&
    outer.base - inner.base > 1.8 * Math.max(outer.size, inner.size);
  const top: PdfFragment[][] = [];
  const bottom: PdfFragment[][] = [];
  while (top.length < 2 && rows.length > 8 && isApart(rows[0], rows[1]))
    top.push([...(rows.shift()?.fragments ?? [])]);
  while (bottom.length < 2 && rows.length > 8 && isApart(rows.at(-2), rows.at(-1)))
    bottom.unshift([...(rows.pop()?.fragments ?? [])]);
  return { top, middle: rows.flatMap((row) => row.fragments), bottom };
}

function whole(fragments: readonly PdfFragment[]): {
  readonly top: PdfFragment[][];
  readonly middle: readonly PdfFragment[];
  readonly bottom: PdfFragment[][];
} {
  return { top: [], middle: fragments, bottom: [] };
}

function partsOf(cut: Cut): PdfFragment[][] {
  const parts: PdfFragment[][] = [];
  let across: PdfFragment[] | undefined;
  for (const band of cut.bands) {
    const fragments = band.rows.flatMap((row) => row.fragments);
    if (!band.isColumns) {
      if (across) across.push(...fragments);
      else {
        across = [...fragments];
        parts.push(across);
      }
      continue;
    }
    across = undefined;
    parts.push(fragments.filter((fragment) => isLeftOf(fragment, cut.x)));
    parts.push(fragments.filter((fragment) => !isLeftOf(fragment, cut.x)));
  }
  return parts;
}

function bestCut(fragments: readonly PdfFragment[]): Cut | undefined {
  const size = usualSize(fragments);
  const rows = rowsOf(fragments);
  let best: Cut | undefined;
  for (const x of candidates(fragments)) {
    if (straddling(fragments, x) > fragments.length * MOST_STRADDLING) continue;
    const cut = cutAt(rows, x, size, new Set());
    if (cut.score > (best?.score ?? 0)) best = cut;
  }
  if (!best) return undefined;
  const { x } = best;
  const wide = wideTables(fragments, x, size);
  if (wide.length === 0) return best;
  const cut = cutAt(rows, x, size, new Set(wide.flatMap((table) => [...table.fragments])));
  return cut.score > 0 ? cut : undefined;
}

/** Tables over both columns: they may have gaps of their own where the gutter is. */
function wideTables(fragments: readonly PdfFragment[], x: number, size: number): readonly PdfTable[] {
  const isOver = ({ left, right }: { readonly left: number; readonly right: number }): boolean =>
    left < x - CROSSING * size && right > x + CROSSING * size;
  const short = tablesIn(fragments, "short").filter(isOver);
  const long = tablesIn(fragments, "any").filter((table) => [...table.fragments].some(isOver));
  return [...short, ...long];
}

/** Where several lines begin, left edges are close together: the right border of a possible gutter. */
function candidates(fragments: readonly PdfFragment[]): number[] {
  const edges = fragments.map((fragment) => fragment.left).sort((a, b) => a - b);
  const groups: { x: number; last: number; count: number }[] = [];
  for (const x of edges) {
    const group = groups.at(-1);
    if (group && x - group.last < 1.5) {
      group.count++;
      group.last = x;
    } else groups.push({ x, last: x, count: 1 });
  }
  return groups
    .slice(1)
    .filter((group) => group.count >= 2)
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_CANDIDATES)
    .map((group) => group.x - 0.5);
}

function cutAt(rows: readonly PdfRow[], x: number, size: number, wide: ReadonlySet<PdfFragment>): Cut {
  const reach = CROSSING * size;
  const bands: Band[] = [];
  for (const row of rows) {
    const crosses = row.fragments.some(
      (fragment) => wide.has(fragment) || (fragment.left < x - reach && fragment.right > x + reach),
    );
    const band = bands.at(-1);
    if (band && band.crosses === crosses) band.rows.push(row);
    else bands.push({ rows: [row], crosses, isColumns: false });
  }
  let score = 0;
  for (const band of bands) {
    if (band.crosses) continue;
    const gain = columnsIn(band.rows, x, size);
    band.isColumns = gain > 0;
    score += gain;
  }
  // Where columns are certain, the little that stands between two figures is in the same columns.
  const certain = bands
    .filter((band) => band.isColumns)
    .reduce((sum, band) => sum + charactersOf(band.rows), 0);
  if (certain > charactersOf(rows) / 2)
    for (const band of bands) band.isColumns ||= !band.crosses && isClear(band.rows, x, size);
  return { x, score, bands };
}

/** Nothing stands in the gutter, and every line fits into its column. */
function isClear(rows: readonly PdfRow[], x: number, size: number): boolean {
  const fragments = rows.flatMap((row) => row.fragments);
  return gutterAt(fragments, x) >= LEAST_GUTTER * size;
}

function straddling(fragments: readonly PdfFragment[], x: number): number {
  let count = 0;
  for (const { left, right } of fragments) if (left < x - 1 && right > x + 1) count++;
  return count;
}

function charactersOf(rows: readonly PdfRow[]): number {
  return rows.flatMap((row) => row.fragments).reduce((sum, { text }) => sum + text.length, 0);
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
function columnsIn(rows: readonly PdfRow[], x: number, size: number): number {
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

function isLeftOf(fragment: PdfFragment, x: number): boolean {
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
