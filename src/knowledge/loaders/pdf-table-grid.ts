import type { PdfRun } from "./pdf-runs.ts";
import { type Cell, type CellRow, cellOf, type Separator } from "./pdf-table-rows.ts";
import type { TableHeader } from "./table.ts";

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

/** In font sizes: lines closer than this may be of one cell. */
const TIGHT = 1.45;
const MOST_HEAD_LINES = 4;
const NUMBER = /^[\s\p{Sc}+\-−–(~<>≤≥±]*\d/u;

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

/** Joins the lines of each row, and the lines that name the columns. */
export function toRows(lines: readonly GridLine[]): {
  rows: readonly (readonly string[])[];
  header: TableHeader;
} {
  const { above, rest } = headOf(lines);
  const groups = groupedLines(rest);
  const rows = groups.map(textsOf);
  const [first = [], ...body] = rows;
  if (above.length === 0) return { rows, header: headerOf(groups) };
  const titles = above.filter((line) => line.filled === 1 && isWide(line)).map(textsOfLine);
  const upper = above.filter((line) => line.filled > 1 || !isWide(line));
  if (upper.length === 0) return { rows: [first, ...titles, ...body], header: headerOf(groups) };
  const isNamed = first.every((cell) => !NUMBER.test(cell));
  const names = first.map((name, column) => nameOf(upper, column, isNamed ? name : ""));
  return { rows: [names, ...titles, ...(isNamed ? body : rows)], header: "yes" };
}

/** Lines above the first full one: titles, names over several columns, and the upper lines of names. */
function headOf(lines: readonly GridLine[]): { above: readonly GridLine[]; rest: readonly GridLine[] } {
  const columns = lines[0]?.cells.length ?? 0;
  const full = lines.findIndex((line) => line.filled >= Math.max(2, columns * 0.75));
  const above = lines.slice(0, Math.max(0, full));
  const isHead = above.every((line, index) => {
    const below = lines[index + 1];
    const isClose = below !== undefined && line.lowest - below.base <= 2.2 * Math.max(line.size, below.size);
    return isClose && line.cells.every((cell) => !cell || !NUMBER.test(cell.text));
  });
  return isHead && above.length <= MOST_HEAD_LINES
    ? { above, rest: lines.slice(full) }
    : { above: [], rest: lines };
}

function isWide(line: GridLine): boolean {
  return line.cells.some((cell) => (cell?.columns ?? 1) > 1);
}

/** "Summer › Adults"; "" where it cannot be told which of several columns a text names. */
function nameOf(upper: readonly GridLine[], column: number, lowest: string): string {
  const over: string[] = [];
  const own: string[] = [];
  for (const [index, line] of upper.entries()) {
    const at = line.cells.findLastIndex(
      (cell, start) => cell && start <= column && start + cell.columns > column,
    );
    const cell = line.cells[at];
    if (!cell) continue;
    if (cell.columns === 1) own.push(cell.text);
    else if (index === 0 && upper.length === 1) over.push(cell.text);
    else return "";
  }
  const name = [...own, lowest].filter((text) => text !== "").join(" ");
  return [...over, name].filter((text) => text !== "").join(" › ");
}

/** Names of columns are often set in a font of their own: bold. */
function headerOf(groups: readonly (readonly GridLine[])[]): TableHeader {
  const fonts = (lines: readonly GridLine[]): Set<string> =>
    new Set(lines.flatMap(({ cells }) => cells.flatMap((cell) => cell?.runs.map((run) => run.font) ?? [])));
  const [first = [], ...body] = groups;
  const ofNames = fonts(first);
  const ofBody = fonts(body.flat());
  const isSet = [...ofNames].every((font) => font !== "" && !ofBody.has(font));
  const texts = textsOf(first).filter((text) => text !== "");
  return isSet && texts.length >= 2 && texts.every((text) => text.length <= 60) ? "yes" : "detect";
}

function textsOfLine(line: GridLine): string[] {
  return textsOf([line]);
}

/** The texts of a row. What stands alone and reaches over several columns stands in all of them: a heading of rows. */
export function textsOf(lines: readonly GridLine[]): string[] {
  const width = lines[0]?.cells.length ?? 0;
  const [only] = lines.flatMap((line) => line.cells.flatMap((cell) => cell ?? []));
  if (lines.length === 1 && lines[0]?.filled === 1 && only && only.columns > 1)
    return Array.from({ length: width }, () => only.text);
  const texts: string[] = Array.from({ length: width }, () => "");
  for (const line of lines) {
    line.cells.forEach((cell, column) => {
      if (cell) texts[column] = joined(texts[column] ?? "", cell.text);
    });
  }
  return texts;
}

function joined(above: string, below: string): string {
  if (above === "") return below;
  return /\p{L}-$/u.test(above) && /^\p{Ll}/u.test(below) ? above.slice(0, -1) + below : `${above} ${below}`;
}

/** Lines that make one row: a cell may go on in the next line, and a first cell above the values of its row. */
export function groupedLines(lines: readonly GridLine[]): readonly (readonly GridLine[])[] {
  const distances = lines.map((line, index) => {
    const above = lines[index - 1];
    return above ? (above.lowest - line.base) / Math.max(above.size, line.size) : 0;
  });
  const steps = distances.slice(1);
  const close = Math.min(TIGHT, Math.min(...steps, TIGHT) * 1.2);
  const tight = steps.filter((step) => step <= close).length;
  const loose = steps.length - tight;
  // Gaps between rows that are wider than those between the lines of a row.
  const isApart = loose >= 2 && tight > 0 && loose * 3 >= tight;
  const columns = lines[0]?.cells.length ?? 0;
  const isWrapped = isApart && goOn(lines, distances, close);
  const groups: GridLine[][] = [];
  lines.forEach((line, index) => {
    const group = groups.at(-1);
    const distance = distances[index] ?? 0;
    const isClose = index > 0 && distance <= close;
    const goesOn =
      isClose &&
      ((isWrapped && !isFirstBelowNames(lines, index)) ||
        (isApart ? isPartOf(group?.[0], line) : isContinuation(line, columns)));
    if (group && (goesOn || isRestOfFirst(group, line, distance))) group.push(line);
    else groups.push([line]);
  });
  return groups;
}

/** A line with a number below a name begins the rows. */
function isFirstBelowNames(lines: readonly GridLine[], index: number): boolean {
  const isNumber = (cell: GridCell | undefined): boolean => cell !== undefined && NUMBER.test(cell.text);
  const names = lines[0]?.cells ?? [];
  return (
    index === 1 &&
    (lines[1]?.cells.some((cell, column) => isNumber(cell) && names[column] && !isNumber(names[column])) ??
      false)
  );
}

/** Lines close to the one above go on within its sentences. */
function goOn(lines: readonly GridLine[], distances: readonly number[], limit: number): boolean {
  const close = lines.filter((_, index) => index > 0 && (distances[index] ?? 0) <= limit);
  const small = close.filter((line) => line.cells.some((cell) => cell && /^\p{Ll}/u.test(cell.text)));
  return small.length >= close.length * 0.3;
}

/** It has fewer cells than the first line of its row. */
function isPartOf(first: GridLine | undefined, line: GridLine): boolean {
  return line.cells[0] === undefined || line.filled < (first?.filled ?? 0);
}

function isContinuation(line: GridLine, columns: number): boolean {
  return line.cells[0] === undefined && line.filled <= columns / 2;
}

/** The first cell goes on in the next line, and the values of the row stand there. */
function isRestOfFirst(group: readonly GridLine[], line: GridLine, distance: number): boolean {
  const above = group.at(-1);
  const isAlone = above?.filled === 1 && above.cells[0] !== undefined;
  return isAlone && distance <= TIGHT && /^\p{Ll}/u.test(line.cells[0]?.text ?? "");
}
