import type { GridLine } from "./pdf-table-grid.ts";
import { groupedLines, textsOf } from "./pdf-table-lines.ts";
import { isMark, isNumber } from "./pdf-table-rows.ts";

const LEAST_ROWS = 3;
/** Two lines are a table if they have as many columns as this. */
const MANY_COLUMNS = 4;
/** Share of the cells that are filled. */
const LEAST_FILL = 0.5;
const LEAST_FILL_OF_SHORT = 0.7;
const LONGEST_SHORT_CELL = 35;
/** In font sizes: how far cells of a column may be out of line. */
const ALIGNED = 0.4;

interface Columns {
  /** Lines of several cells. */
  readonly lines: readonly GridLine[];
  readonly byColumn: readonly (readonly Placed[])[];
  readonly all: readonly Placed[];
}

/** @param cells "short": no cell may be like running text */
export function isTable(grid: readonly GridLine[], columns: number, cells: "short" | "any"): boolean {
  const lines = grid.filter((line) => line.filled >= 2);
  const byColumn = Array.from({ length: columns }, (_, column) =>
    lines.flatMap((line) => line.cells[column] ?? []),
  );
  const table = { lines, byColumn, all: byColumn.flat() };
  return (
    (lines.length >= LEAST_ROWS || isPairOfLines(lines, columns)) &&
    isFilled(table, cells) &&
    byColumn.filter(isAligned).length >= columns * 0.75 &&
    !isListOfMarks(table) &&
    byColumn.filter(isProse).length <= (cells === "any" ? 1 : 0) &&
    holdsWords(table) &&
    !breaksOff(table) &&
    !flowsDown(grid) &&
    !flowsOver(lines) &&
    !isDense(lines) &&
    !isPaintedByColumns(lines, table.all)
  );
}

function isFilled({ lines, byColumn, all }: Columns, cells: "short" | "any"): boolean {
  const isShort = cells === "short";
  if (all.length < lines.length * byColumn.length * (isShort ? LEAST_FILL_OF_SHORT : LEAST_FILL))
    return false;
  if (byColumn.some((column) => column.length < lines.length * 0.2)) return false;
  return (
    !isShort ||
    !byColumn.slice(1).some((column) => column.some(({ text }) => text.length > LONGEST_SHORT_CELL))
  );
}

/** Numbers or bullets of list items, each with its text. */
function isListOfMarks({ lines, byColumn }: Columns): boolean {
  const [first = []] = byColumn;
  return byColumn.length === 2 && first.filter((cell) => isMark(cell.text)).length > lines.length * 0.5;
}

/** A formula or a drawing is all single letters. */
function holdsWords({ all }: Columns): boolean {
  const single = all.filter(({ text }) => text.length <= 1).length;
  return single <= all.length * 0.6 && all.some(({ text }) => /\p{L}{2}/u.test(text));
}

/** Cells end in the middle of a word or an enumeration. */
function breaksOff({ all }: Columns): boolean {
  return all.filter(({ text }) => /[,;]$|\p{L}-$/u.test(text)).length > all.length * 0.15;
}

interface Placed {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly order: number;
  readonly size: number;
}

/** At their left, their right or in the middle; of two cells nothing can be said. */
function isAligned(cells: readonly Placed[]): boolean {
  if (cells.length < 3) return true;
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
  const values = lines[1]?.cells.filter((cell) => cell && isNumber(cell.text)).length ?? 0;
  const names = lines[0]?.cells.filter((cell) => cell && !isNumber(cell.text)).length ?? 0;
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
    const numbers = cells.filter((cell) => isNumber(cell.text)).length;
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
  const numbers = cells.filter((cell) => isNumber(cell.text)).length;
  return byColumn > (byColumn + byRow) * 0.6 && numbers < cells.length * 0.4;
}
