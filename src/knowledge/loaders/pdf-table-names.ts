import type { GridLine } from "./pdf-table-grid.ts";
import { groupedLines, textsOf } from "./pdf-table-lines.ts";
import { isNumber } from "./pdf-table-rows.ts";
import type { TableHeader } from "./table.ts";

/** Lines above the first row that may name the columns. */
const MOST_HEAD_LINES = 4;

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
  const isNamed = first.every((cell) => !isNumber(cell));
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
    return isClose && line.cells.every((cell) => !cell || !isNumber(cell.text));
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
