import type { BlockPlace, DocumentBuilder } from "./document-builder.ts";
import { normaliseLine } from "./text-normal.ts";

/** Whether the first row names the columns: the file says so, or it is to be told from the cells. */
export type TableHeader = "yes" | "no" | "detect";

/** A longer cell is text of its own, not the name of a column. */
const LONGEST_NAME = 60;
/** A longer cell is not a number with its unit. */
const LONGEST_VALUE = 30;
/** Neighbours as short as this may well be equal: "yes | yes". A longer text twice is one cell over two columns. */
const SHORTEST_SPANNING = 12;
/** "80 €", "−3 %", "from" left out: a cell that begins with a number, whatever its unit or the end of its range. */
const VALUE = /^[\s\p{Sc}+\-−–(~≈<>≤≥±]*(?:\p{Lu}{3}\s?)?\d/u;
/** An address of any kind is a value, too; no column is called that. */
const ADDRESS = /@|:\/\/|^www\./;

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
  const cleaned = rows.map((row) => row.map(normaliseLine));
  // A first row that is said to name the columns does so even where it is empty: the next one is no name.
  const start = header === "yes" ? 0 : cleaned.findIndex(hasText);
  const first = cleaned[start];
  if (first === undefined) return;
  const body = cleaned.slice(start + 1).filter(hasText);
  const named = header === "yes" || (header === "detect" && looksLikeHeader(first, body));
  if (!named || body.length === 0) {
    for (const row of [first, ...body]) if (hasText(row)) builder.add("table-row", plainRow(row), place);
    return;
  }
  const names = first.map((name) => name.replace(/\s*[:：]$/u, ""));
  for (const row of body) builder.add("table-row", namedRow(names, row), place);
}

function hasText(row: readonly string[]): boolean {
  return row.some((cell) => cell !== "");
}

function plainRow(row: readonly string[]): string {
  return merged(row)
    .filter((cell) => cell !== "")
    .join(" | ");
}

function namedRow(names: readonly string[], row: readonly string[]): string {
  // One cell over the whole width is a heading inside the table.
  const [only = ""] = row;
  if (row.length > 1 && !VALUE.test(only) && row.every((cell) => cell === only)) return only;
  return row
    .flatMap((cell, index) => {
      const name = names[index] ?? "";
      // A span that reaches beyond the names is said once.
      if (cell === "" || (name === "" && cell === row[index - 1])) return [];
      return [name === "" || name === cell || name.length > LONGEST_NAME ? cell : `${name}: ${cell}`];
    })
    .join(" | ");
}

/** A cell that spans columns stands in each of them: said once is enough where no names tell them apart. */
function merged(row: readonly string[]): string[] {
  if (row.length > 2 && new Set(row).size === 1) return row.slice(0, 1);
  return row.filter(
    (cell, index) => index === 0 || cell !== row[index - 1] || cell.length < SHORTEST_SPANNING,
  );
}

/**
 * Names are short, all different and no numbers. Beyond that something has to tell the first row from the others:
 * a column of numbers below a name, or an empty corner above the names of the rows.
 */
function looksLikeHeader(first: readonly string[], body: readonly (readonly string[])[]): boolean {
  const names = first.filter((cell) => cell !== "");
  if (body.length === 0 || first.length < 2 || names.length < Math.max(1, first.length - 1)) return false;
  if (new Set(names).size < names.length) return false;
  if (names.some((name) => name.length > LONGEST_NAME || VALUE.test(name) || ADDRESS.test(name)))
    return false;
  if (first[0] === "") return true;
  return first.some((_, column) => {
    const cells = body.map((row) => row[column] ?? "").filter((cell) => cell !== "");
    const values = cells.filter((cell) => cell.length <= LONGEST_VALUE && VALUE.test(cell)).length;
    return cells.length > 0 && values > cells.length / 2;
  });
}
