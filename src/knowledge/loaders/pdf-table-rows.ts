import { joinRuns, type PdfFragment, withoutLeader } from "./pdf-fragments.ts";
import type { PdfRow } from "./pdf-lines.ts";
import type { PdfRun } from "./pdf-runs.ts";

/** One cell in one printed line, before columns are known. */
export interface Cell {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly order: number;
  readonly runs: readonly PdfRun[];
}

/** One printed line of what may be a table. */
export interface CellRow {
  readonly cells: readonly Cell[];
  readonly fragments: readonly PdfFragment[];
  /** Of its first and its last line. */
  readonly base: number;
  readonly lowest: number;
  readonly size: number;
}

/** An empty strip between two columns. */
export interface Separator {
  readonly left: number;
  readonly right: number;
}

/** In font sizes: pieces closer than this are one cell, wider spaces part cells. */
const CELL_GAP = 0.75;
const LEAST_SEPARATOR = 0.4;
/** Lines further apart than this, in font sizes, are not of one table. */
const FURTHEST_FIRST_ROW = 3.6;
const FURTHEST_ROW = 3;
const MOST_SINGLES = 2;
const MOST_UPPER_LINES = 2;
/** Share of the lines that may have a cell over a separator: a heading over two columns. */
const MOST_ACROSS = 0.15;
const NUMBER = /^[\s\p{Sc}+\-−–(~<>≤≥±]*\d/u;
const MARK =
  /^(?:[•‣▪●○◦■□➢✓✔\uF0B7\uF0A7·–*-]|§*\s*[([]?(?:\d{1,3}|[ivxIVX]{1,4}|[a-zA-Z])[.)\]]*|§*\s*\d{1,4}(?:\.\d{1,3})+\.?)$/u;

export function cellRow(row: PdfRow): CellRow {
  const groups: PdfFragment[][] = [];
  for (const fragment of row.fragments) {
    const group = groups.at(-1);
    const right = group ? Math.max(...group.map((other) => other.right)) : 0;
    if (group && fragment.left - right < row.size * CELL_GAP) group.push(fragment);
    else groups.push([fragment]);
  }
  const cells = groups.map((group) =>
    cellOf(
      group.flatMap((fragment) => fragment.runs),
      group[0]?.order ?? 0,
    ),
  );
  return { cells, fragments: row.fragments, base: row.base, lowest: row.lowest, size: row.size };
}

export function cellOf(all: readonly PdfRun[], order: number): Cell {
  // A cell of several lines, from the top down.
  const runs = all.toSorted((a, b) => (Math.abs(a.base - b.base) > a.size * 0.6 ? b.base - a.base : 0));
  return {
    text: withoutLeader(joinRuns(runs)),
    left: Math.min(...runs.map((run) => run.left)),
    right: Math.max(...runs.map((run) => run.right)),
    order,
    runs,
  };
}

/** A value begins with a number, a name of a column does not. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text);
}

/** "1.", "4.2" or a bullet, as it stands before the text of a list item or a heading. */
export function isMark(text: string): boolean {
  return MARK.test(text);
}

/** Several cells, and not just a list item with its mark. */
export function hasCells(row: CellRow): boolean {
  return row.cells.length > 2 || (row.cells.length === 2 && !isMark(row.cells[0]?.text ?? ""));
}

/** Stretches of lines, most of them of several cells, that may each be a table. */
export function stretchesOf(rows: readonly CellRow[]): readonly (readonly CellRow[])[] {
  const stretches: CellRow[][] = [];
  let open: CellRow[] = [];
  let singles = 0;
  const close = (): void => {
    while (open.length > 0 && !hasCells(open.at(-1) ?? open[0] ?? NOTHING)) open.pop();
    if (open.filter(hasCells).length >= 2) stretches.push(open);
    open = [];
    singles = 0;
  };
  for (const row of rows) {
    const above = open.at(-1);
    if (above && isApart(above, row, open.length)) close();
    if (hasCells(row)) {
      open.push(row);
      singles = 0;
    } else if (open.length > 0) {
      singles++;
      if (singles > MOST_SINGLES) close();
      else open.push(row);
    }
  }
  close();
  return stretches;
}

/** A heading between, or a gap; names of columns may stand further above the rows. */
function isApart(above: CellRow, row: CellRow, rows: number): boolean {
  const size = Math.max(above.size, row.size);
  const furthest = rows === 1 ? FURTHEST_FIRST_ROW : FURTHEST_ROW;
  return above.lowest - row.base > furthest * size || Math.abs(above.size - row.size) > size * 0.25;
}

const NOTHING: CellRow = { cells: [], fragments: [], base: 0, lowest: 0, size: 0 };

/** Names over several columns, at the top, say nothing about where the columns part. */
function withoutUpperNames(rows: readonly CellRow[]): readonly CellRow[] {
  const counts = rows.map(({ cells }) => cells.length).sort((a, b) => a - b);
  const usual = counts[Math.floor(counts.length / 2)] ?? 0;
  const first = rows.findIndex(({ cells }) => cells.length >= usual);
  return first > MOST_UPPER_LINES || rows.length - first < 2 ? rows : rows.slice(first);
}

/** Strips that no line, or hardly any, reaches over. */
export function separatorsOf(rows: readonly CellRow[]): readonly Separator[] {
  const counted = withoutUpperNames(rows.filter(hasCells));
  const events: { x: number; change: number }[] = [];
  for (const row of counted) {
    for (const { left, right } of row.cells.flatMap((cell) => piecesOf(cell, row.size))) {
      events.push({ x: left, change: 1 }, { x: right, change: -1 });
    }
  }
  events.sort((a, b) => a.x - b.x || b.change - a.change);
  const size = Math.max(...counted.map((row) => row.size));
  const allowed = Math.floor(counted.length * MOST_ACROSS);
  const separators: Separator[] = [];
  let covered = 0;
  let start: number | undefined;
  for (const { x, change } of events) {
    const before = covered;
    covered += change;
    if (before > allowed && covered <= allowed) start = x;
    if (before <= allowed && covered > allowed) {
      if (start !== undefined && x - start >= size * LEAST_SEPARATOR)
        separators.push({ left: start, right: x });
      start = undefined;
    }
  }
  return separators;
}

/** Runs of a cell that are further apart than words. */
function piecesOf(cell: Cell, size: number): readonly { left: number; right: number }[] {
  const pieces: { left: number; right: number }[] = [];
  for (const run of cell.runs.toSorted((a, b) => a.left - b.left)) {
    const piece = pieces.at(-1);
    if (piece && run.left - piece.right < size * LEAST_SEPARATOR)
      piece.right = Math.max(piece.right, run.right);
    else pieces.push({ left: run.left, right: run.right });
  }
  return pieces;
}
