import type { PdfFragment } from "./pdf-fragments.ts";
import { columnsIn, isClear, isLeftOf, straddling, usualSize } from "./pdf-gutters.ts";
import { type PdfRow, rowsOf } from "./pdf-lines.ts";
import { type PdfTable, stretchesIn, tablesIn } from "./pdf-tables.ts";

/** A page of more pieces than this is a drawing; it is read in the order in which it is painted. */
export const MAX_FRAGMENTS = 4_000;

const MAX_DEPTH = 12;

const MAX_CANDIDATES = 12;

/** A line reaches over a gutter if it goes this far to both sides, in font sizes; an overfull line does not. */
const CROSSING = 1.5;

/** Share of the pieces of a page that may stand where a gutter is looked for: headings, figures, wide tables. */
const MOST_STRADDLING = 0.6;

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
  const stretches = stretchesIn(fragments);
  const short = tablesIn(stretches, "short").filter(isOver);
  const long = tablesIn(stretches, "any").filter((table) => [...table.fragments].some(isOver));
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

function charactersOf(rows: readonly PdfRow[]): number {
  return rows.flatMap((row) => row.fragments).reduce((sum, { text }) => sum + text.length, 0);
}
