import type { PdfFragment } from "./pdf-fragments.ts";
import { bandsOf } from "./pdf-lines.ts";
import { isTable } from "./pdf-table-checks.ts";
import { type GridLine, toGrid } from "./pdf-table-grid.ts";
import { toRows } from "./pdf-table-names.ts";
import { type CellRow, cellRow, hasCells, separatorsOf, stretchesOf } from "./pdf-table-rows.ts";
import type { TableHeader } from "./table.ts";

export interface PdfTable {
  readonly rows: readonly (readonly string[])[];
  readonly header: TableHeader;
  readonly fragments: ReadonlySet<PdfFragment>;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Place of its first fragment in the order in which the page is painted. */
  readonly order: number;
}

/** A page is divided at its gaps so often at most, one within the other. */
const MAX_SPLITS = 32;

const LONGEST_SPANNING = 60;

/**
 * Finds tables: successive lines whose pieces stand in the same columns, with the same strips left empty between
 * them. Precision comes first: running text torn into cells is worse than a table read as lines.
 *
 * @param cells "short": a column of running text makes it no table, as beside it stands a column of the page
 */
export function tablesIn(stretches: Stretches, cells: "short" | "any"): readonly PdfTable[] {
  return stretches.flatMap((stretch) => tablesOf(stretch, cells, 0));
}

/** Where tables may be: what `tablesIn` looks at. */
export type Stretches = readonly (readonly CellRow[])[];

export function stretchesIn(fragments: readonly PdfFragment[]): Stretches {
  return stretchesOf(bandsOf(fragments).map(cellRow));
}

function tablesOf(all: readonly CellRow[], cells: "short" | "any", depth: number): readonly PdfTable[] {
  const stretch = withoutNeighbours(all);
  const filled = stretch.filter(hasCells);
  if (filled.length < Math.max(2, stretch.length * 0.4) || depth > MAX_SPLITS) return [];
  const separators = separatorsOf(stretch);
  const columns = separators.length + 1;
  const around = (at: number, skip: number): readonly PdfTable[] =>
    [stretch.slice(0, at), stretch.slice(at + skip)]
      .map(trimmed)
      .flatMap((part) => tablesOf(part, cells, depth + 1));
  const text = stretch.findIndex((row) => separators.length > 0 && isTextAcross(row, separators));
  if (text !== -1) return around(text, 1);
  const prose = linesOfProse(stretch);
  if (prose > 0) return around(prose, 0);
  const grid = toGrid(stretch, separators);
  if (columns >= 2 && isTable(grid, columns, cells)) return [toTable(stretch, grid)];
  const gap = widestGap(stretch) ?? changeOfSize(stretch);
  return gap === undefined ? [] : around(gap, 0);
}

/** Leaves out lines of a text beside the table. */
function withoutNeighbours(rows: readonly CellRow[]): readonly CellRow[] {
  const cells = rows.filter(hasCells).flatMap((row) => row.cells);
  const left = Math.min(...cells.map((cell) => cell.left));
  const right = Math.max(...cells.map((cell) => cell.right));
  return rows.filter((row) => row.cells.some((cell) => cell.left < right && cell.right > left));
}

function trimmed(rows: readonly CellRow[]): readonly CellRow[] {
  const first = rows.findIndex(hasCells);
  const last = rows.findLastIndex(hasCells);
  return first === -1 ? [] : rows.slice(first, last + 1);
}

/** A line of text between two tables, not the heading of some rows. */
function isTextAcross(row: CellRow, separators: readonly { left: number; right: number }[]): boolean {
  const [cell] = row.cells;
  if (row.cells.length !== 1 || !cell) return false;
  return (
    cell.text.length > LONGEST_SPANNING &&
    separators.some(({ left, right }) => cell.left < left && cell.right > right)
  );
}

/** How many lines at the start are the end of a paragraph, justified with wide spaces, right above a table. */
function linesOfProse(stretch: readonly CellRow[]): number {
  const isSmall = stretch.map(({ cells }) => /^\p{Ll}/u.test(cells[0]?.text ?? ""));
  let small = isSmall.filter(Boolean).length;
  let at = 0;
  for (; at < stretch.length; at++) {
    if (isSmall[at]) small--;
    const isDivided = stretch[at]?.cells.some(({ text }) => /\p{L}-$/u.test(text)) ?? false;
    const isMiddle = isSmall[at] === true && small < (stretch.length - at - 1) * 0.4;
    if (!isDivided && !isMiddle) break;
  }
  return at;
}

function widestGap(rows: readonly CellRow[]): number | undefined {
  const gaps = rows.map((row, index) => (rows[index - 1]?.lowest ?? row.base) - row.base);
  const usual = gaps.slice(1).sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
  const at = gaps.indexOf(Math.max(...gaps));
  return at > 0 && (gaps[at] ?? 0) > usual * 1.4 ? at : undefined;
}

/** A table may be set in another size than the text right below it. */
function changeOfSize(rows: readonly CellRow[]): number | undefined {
  const at = rows.findIndex((row, index) => {
    const above = rows[index - 1];
    return above !== undefined && Math.abs(above.size - row.size) > row.size * 0.05;
  });
  return at > 0 ? at : undefined;
}

function toTable(stretch: readonly CellRow[], grid: readonly GridLine[]): PdfTable {
  const fragments = stretch.flatMap((row) => row.fragments);
  const { rows, header } = toRows(grid);
  return {
    rows,
    header,
    fragments: new Set(fragments),
    left: Math.min(...fragments.map((fragment) => fragment.left)),
    right: Math.max(...fragments.map((fragment) => fragment.right)),
    top: (stretch[0]?.base ?? 0) + (stretch[0]?.size ?? 0),
    bottom: stretch.at(-1)?.lowest ?? 0,
    order: Math.min(...fragments.map((fragment) => fragment.order)),
  };
}
