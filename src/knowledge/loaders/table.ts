import type { BlockPlace, DocumentBuilder } from "./document-builder.ts";
import { normaliseLine } from "./text-normal.ts";

/** Whether the first row names the columns: the file says so, or it is to be told from the cells. */
export type TableHeader = "yes" | "no" | "detect";

/** A longer cell is text of its own, not the name of a column. */
const LONGEST_NAME = 60;
const NUMBER = /^[\s\p{Sc}+\-–(]*\d[\d\s.,:'’/–-]*[\s%‰°)\p{Sc}]*(?:\p{L}{1,5}\.?)?$/u;

/**
 * Adds a table as one block a row. Where the columns have names, each cell is said with its own ("Day: Saturday |
 * Opens: 9:00"), so that a row means something wherever it is found or quoted. Empty cells are left out.
 *
 * @param rows cells in reading order; a cell that spans several columns or rows stands in each of them
 */
export function addTable(
  builder: DocumentBuilder,
  rows: readonly (readonly string[])[],
  header: TableHeader,
  place: BlockPlace = {},
): void {
  const cleaned = rows.map((row) => row.map(normaliseLine)).filter((row) => row.some((cell) => cell !== ""));
  const [first, ...body] = cleaned;
  if (first === undefined) return;
  const named = header === "yes" || (header === "detect" && looksLikeHeader(first, body));
  if (!named || body.length === 0) {
    for (const row of cleaned) builder.add("table-row", plainRow(row), place);
    return;
  }
  const names = first.map((name) => name.replace(/\s*[:：]$/u, ""));
  for (const row of body) builder.add("table-row", namedRow(names, row), place);
}

function plainRow(row: readonly string[]): string {
  return merged(row)
    .filter((cell) => cell !== "")
    .join(" | ");
}

function namedRow(names: readonly string[], row: readonly string[]): string {
  // One cell over the whole width is a heading inside the table; equal numbers are values.
  const distinct = new Set(row.filter((cell) => cell !== ""));
  if (row.length > 1 && distinct.size === 1 && row.every((cell) => cell !== "" && !NUMBER.test(cell)))
    return [...distinct].join("");
  return row
    .flatMap((cell, index) => {
      const name = names[index] ?? "";
      if (cell === "") return [];
      return [name === "" || name === cell || name.length > LONGEST_NAME ? cell : `${name}: ${cell}`];
    })
    .join(" | ");
}

/** A cell that spans columns stands in each of them: said once is enough where no names tell them apart. */
function merged(row: readonly string[]): string[] {
  return row.filter((cell, index) => index === 0 || cell !== row[index - 1]);
}

/**
 * Names are short, all different and no numbers. Beyond that something has to tell the first row from the others:
 * a column of numbers below a name, or an empty corner above the names of the rows.
 */
function looksLikeHeader(first: readonly string[], body: readonly (readonly string[])[]): boolean {
  const names = first.filter((cell) => cell !== "");
  if (body.length === 0 || first.length < 2 || names.length < Math.max(1, first.length - 1)) return false;
  if (new Set(names).size < names.length) return false;
  if (names.some((name) => name.length > LONGEST_NAME || NUMBER.test(name))) return false;
  if (first[0] === "") return true;
  return first.some((_, column) => {
    const cells = body.map((row) => row[column] ?? "").filter((cell) => cell !== "");
    const numbers = cells.filter((cell) => NUMBER.test(cell)).length;
    return cells.length > 0 && numbers > cells.length / 2;
  });
}
