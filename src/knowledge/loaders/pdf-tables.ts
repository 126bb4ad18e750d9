import type { PdfFragment } from "./pdf-fragments.ts";
import { bandsOf } from "./pdf-lines.ts";
import { type GridLine, groupedLines, textsOf, toGrid, toRows } from "./pdf-table-grid.ts";
import { type CellRow, cellRow, hasCells, isMark, separatorsOf, stretchesOf } from "./pdf-table-rows.ts";
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
const LEAST_ROWS = 3;
/** Two lines are a table if they have as many columns as this. */
const MANY_COLUMNS = 4;
const LEAST_FILL = 0.5;
const ALIGNED = 0.4;
const LONGEST_SPANNING = 60;
const NUMBER = /^[\s\p{Sc}+\-−–(~<>≤≥±]*\d/u;

/**
 * Finds tables: successive lines whose pieces stand in the same columns, with the same strips left empty between
 * them. Precision comes first: running text torn into cells is worse than a table read as lines.
 *
 * @param cells "short": a column of running text makes it no table, as beside it stands a column of the page
 */
export function tablesIn(fragments: readonly PdfFragment[], cells: "short" | "any"): readonly PdfTable[] {
  const rows = bandsOf(fragments).map(cellRow);
  return stretchesOf(rows).flatMap((stretch) => tablesOf(stretch, cells, 0));
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
  if (
    columns >= 2 &&
    (filled.length >= LEAST_ROWS || columns >= MANY_COLUMNS) &&
    isTable(grid, columns, cells)
  )
    return [toTable(stretch, grid)];
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

function isTable(grid: readonly GridLine[], columns: number, cells: "short" | "any"): boolean {
  const lines = grid.filter((line) => line.filled >= 2);
  const byColumn = Array.from({ length: columns }, (_, column) =>
    lines.flatMap((line) => line.cells[column] ?? []),
  );
  const filled = byColumn.reduce((sum, column) => sum + column.length, 0);
  const least = cells === "short" ? 0.7 : LEAST_FILL;
  if (lines.length < LEAST_ROWS && !isPairOfLines(lines, columns)) return false;
  if (filled < lines.length * columns * least) return false;
  const unfinished = byColumn.flat().filter((cell) => /[,;]$|\p{L}-$/u.test(cell.text)).length;
  if (unfinished > filled * 0.15) return false;
  if (cells === "short" && byColumn.slice(1).some((column) => column.some((cell) => cell.text.length > 35)))
    return false;
  if (byColumn.some((column) => column.length < lines.length * 0.2)) return false;
  const aligned = byColumn.filter((column) => column.length < 3 || isAligned(column)).length;
  if (aligned < columns * 0.75) return false;
  if (columns === 2 && (byColumn[0] ?? []).filter((cell) => isMark(cell.text)).length > lines.length * 0.5)
    return false;
  const prose = byColumn.filter(isProse).length;
  if (prose > (cells === "any" ? 1 : 0)) return false;
  if (!byColumn.flat().some((cell) => /\p{L}{2}/u.test(cell.text))) return false;
  if (flowsDown(grid)) return false;
  const short = byColumn.flat().filter((cell) => cell.text.length <= 1).length;
  if (short > filled * 0.6) return false;
  return !flowsOver(lines) && !isDense(lines) && !isPaintedByColumns(lines, byColumn.flat());
}

interface Placed {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly order: number;
  readonly size: number;
}

function isAligned(cells: readonly Placed[]): boolean {
  const share = (place: (cell: Placed) => number): number => {
    const places = cells.map(place).sort((a, b) => a - b);
    const tolerance = (cells[0]?.size ?? 10) * ALIGNED;
    let most = 0;
    let from = 0;
    places.forEach((place, to) => {
      while (place - (places[from] ?? place) > tolerance * 2) from++;
      most = Math.max(most, to - from + 1);
    });
    return most / cells.length;
  };
  return (
    Math.max(
      share((cell) => cell.left),
      share((cell) => cell.right),
      share((cell) => (cell.left + cell.right) / 2),
    ) >= 0.6
  );
}

/** Days above hours, or sizes above prices. */
function isPairOfLines(lines: readonly GridLine[], columns: number): boolean {
  if (lines.length !== 2 || columns < MANY_COLUMNS) return false;
  const values = lines[1]?.cells.filter((cell) => cell && NUMBER.test(cell.text)).length ?? 0;
  const names = lines[0]?.cells.filter((cell) => cell && !NUMBER.test(cell.text)).length ?? 0;
  return values >= columns / 2 && names >= columns - 1;
}

/** A column of lines that are long and nearly all full. */
function isProse(cells: readonly Placed[]): boolean {
  if (cells.length < 3) return false;
  const lengths = cells.map(({ text }) => text.length).sort((a, b) => a - b);
  const width = Math.max(...cells.map(({ right }) => right)) - Math.min(...cells.map(({ left }) => left));
  const ink = cells.reduce((sum, { left, right }) => sum + right - left, 0) / cells.length;
  return (lengths[Math.floor(lengths.length / 2)] ?? 0) >= 25 && ink >= width * 0.7;
}

/** Words go on from cell to cell and from line to line: text with wide spaces. */
function flowsOver(lines: readonly GridLine[]): boolean {
  const texts = lines.map((line) => line.cells.flatMap((cell) => (cell ? [cell.text] : [])));
  const lengths = texts.map((cells) => cells.join(" ").length).sort((a, b) => a - b);
  const isLong = (lengths[Math.floor(lengths.length / 2)] ?? 0) >= 40;
  const small = texts.flat().filter((text) => /^\p{Ll}/u.test(text)).length;
  return small > texts.flat().length * (isLong ? 0.4 : 0.85);
}

/** Nearly full lines of many characters: justified text whose spaces happen to stand below one another. */
function isDense(lines: readonly GridLine[]): boolean {
  const dense = lines.filter((line) => {
    const cells = line.cells.flatMap((cell) => cell ?? []);
    const ink = cells.reduce((sum, cell) => sum + cell.right - cell.left, 0);
    const width = Math.max(...cells.map((cell) => cell.right)) - Math.min(...cells.map((cell) => cell.left));
    const characters = cells.reduce((sum, { text }) => sum + text.length, 0);
    const numbers = cells.filter((cell) => NUMBER.test(cell.text)).length;
    return ink > width * 0.88 && characters >= 30 && numbers * 3 < cells.length;
  });
  return dense.length > lines.length * 0.5;
}

/** Sentences go on from row to row within a column: a column of the page, not of a table. */
function flowsDown(grid: readonly GridLine[]): boolean {
  const groups = groupedLines(grid);
  const rows = groups.map(textsOf);
  const gaps = groups.map((group, index) => (groups[index - 1]?.at(-1)?.lowest ?? 0) - (group[0]?.base ?? 0));
  // A gap between rows ends whatever stands in them.
  const least = Math.min(...grid.slice(1).map((line, index) => (grid[index]?.lowest ?? 0) - line.base));
  return (rows[0] ?? []).some((_, column) => {
    const texts = rows.map((row) => row[column] ?? "");
    const filled = texts.filter((text) => text !== "").length;
    const long = texts.filter((text) => text.length >= 25).length;
    if (long < 2 || long < filled * 0.5) return false;
    const steps = texts.filter(
      (text, index) =>
        index > 0 && (gaps[index] ?? 0) <= least * 1.25 && goesOn(texts[index - 1] ?? "", text),
    );
    return steps.length >= (filled - 1) * 0.4;
  });
}

function goesOn(first: string, second: string): boolean {
  return first.length >= 25 && !/[.!?:;…)\d]$/.test(first) && /^[\p{Ll}(]/u.test(second);
}

/** Each column painted as a whole: blocks of lines side by side, unless they are numbers. */
function isPaintedByColumns(lines: readonly GridLine[], cells: readonly Placed[]): boolean {
  let byColumn = 0;
  let byRow = 0;
  lines.slice(1).forEach((line, index) => {
    const above = lines[index];
    line.cells.forEach((cell, column) => {
      const next = above?.cells.slice(column + 1).find((other) => other !== undefined);
      if (!cell || !next || !above?.cells[column]) return;
      if (cell.order < next.order) byColumn++;
      else byRow++;
    });
  });
  const numbers = cells.filter((cell) => NUMBER.test(cell.text)).length;
  return byColumn > (byColumn + byRow) * 0.6 && numbers < cells.length * 0.4;
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
