import type { PdfRun } from "./pdf-runs.ts";
import { type Cell, type CellRow, cellOf, type Separator } from "./pdf-table-rows.ts";

export interface GridCell extends Cell {
  readonly size: number;
  /** Columns that it stands in; more than one for a heading over several. */
  readonly columns: number;
}

/** One printed line of a table. A cell over several columns stands in the first of them. */
export interface GridLine {
  readonly cells: readonly (GridCell | undefined)[];
  readonly filled: number;
  /** Of its first and its last line. */
  readonly base: number;
  readonly lowest: number;
  readonly size: number;
}

/** Puts the cells of each line into the columns between the separators. */
export function toGrid(rows: readonly CellRow[], separators: readonly Separator[]): readonly GridLine[] {
  const columns = columnsBetween(separators);
  return rows.map((row) => {
    const cells: (GridCell | undefined)[] = columns.map(() => undefined);
    for (const cell of row.cells) {
      for (const piece of divided(cell, columns)) {
        const { first, last } = columnsOf(piece, columns);
        const there = cells[first];
        cells[first] = {
          ...(there ? cellOf([...there.runs, ...piece.runs], there.order) : piece),
          size: row.size,
          columns: Math.max(there?.columns ?? 1, last - first + 1),
        };
      }
    }
    const { base, lowest, size } = row;
    return { cells, filled: cells.filter(Boolean).length, base, lowest, size };
  });
}

/** What the cells of a column take up; endless for the outer ones. */
function columnsBetween(separators: readonly Separator[]): readonly Separator[] {
  return [...separators, undefined].map((separator, index) => ({
    left: separators[index - 1]?.right ?? Number.NEGATIVE_INFINITY,
    right: separator?.left ?? Number.POSITIVE_INFINITY,
  }));
}

/** The columns that a piece stands in, or the nearest one. */
function columnsOf(piece: Separator, columns: readonly Separator[]): { first: number; last: number } {
  const least = Math.min(1, (piece.right - piece.left) / 2);
  const touched = columns.flatMap((column, index) =>
    Math.min(piece.right, column.right) - Math.max(piece.left, column.left) >= least ? [index] : [],
  );
  const first = touched[0];
  if (first !== undefined) return { first, last: touched.at(-1) ?? first };
  const middle = (piece.left + piece.right) / 2;
  const distances = columns.map(({ left, right }) => Math.max(left - middle, middle - right, 0));
  const nearest = distances.indexOf(Math.min(...distances));
  return { first: nearest, last: nearest };
}

/** A cell over several columns is parted between its runs, or between its words, if each has a column of its own. */
function divided(cell: Cell, columns: readonly Separator[]): readonly Cell[] {
  const whole = columnsOf(cell, columns);
  if (whole.first === whole.last) return [cell];
  const runs = cell.runs.flatMap((run) => wordsOf(run, columns));
  const places = runs.map((run) => columnsOf(run, columns));
  if (places.some(({ first, last }) => first !== last)) return [cell];
  const groups = Map.groupBy(runs.entries(), ([index]) => places[index]?.first ?? 0);
  return [...groups.values()].map((group) =>
    cellOf(
      group.map(([, run]) => run),
      cell.order,
    ),
  );
}

/** Names of narrow columns may be painted as one text; where its words stand is estimated from their lengths. */
function wordsOf(run: PdfRun, columns: readonly Separator[]): readonly PdfRun[] {
  const { first, last } = columnsOf(run, columns);
  const text = run.text.trim();
  const words = text.split(/\s+/);
  if (first === last || words.length !== last - first + 1) return [run];
  const width = (run.right - run.left) / Math.max(1, text.length);
  let at = 0;
  const placed = words.map((word, index) => {
    const start = text.indexOf(word, at);
    at = start + word.length;
    const left = run.left + start * width;
    const right = run.left + at * width;
    const column = columns[first + index];
    const inside = {
      left: Math.max(left, column?.left ?? left),
      right: Math.min(right, column?.right ?? right),
    };
    return {
      word: { ...run, text: word, ...(inside.left < inside.right ? inside : { left, right }) },
      inside,
    };
  });
  return placed.every(({ inside }) => inside.left < inside.right) ? placed.map(({ word }) => word) : [run];
}
