import type { GridLine } from "./pdf-table-grid.ts";
import { isNumber } from "./pdf-table-rows.ts";

/** In font sizes: lines closer than this may be of one cell. */
const TIGHT = 1.45;

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
  const names = lines[0]?.cells ?? [];
  return (
    index === 1 &&
    (lines[1]?.cells.some((cell, column) => {
      const name = names[column];
      return cell && name && isNumber(cell.text) && !isNumber(name.text);
    }) ??
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
