import { decodeText } from "./charset.ts";
import { detectDialect, readRows } from "./csv-rows.ts";
import { DocumentBuilder, MAX_BLOCKS, MAX_CHARACTERS } from "./document-builder.ts";
import { LoadError, type Loader } from "./loader.ts";
import { addTable } from "./table.ts";

/** A longer first cell is no name of a column. */
const LONGEST_NAME = 60;
/** Excel writes it first where the separator is not the country's own. */
const SEPARATOR_LINE = /^sep=(.)\r?\n/i;
const NO_NAME = /^[\s\p{Sc}\p{N}\p{P}%]*$|[.?!…]$|@|:\/\/|^\d/u;

type Row = readonly string[];

/** Tables as text (CSV, TSV): every row is said with the names of its columns. */
export const csvLoader: Loader = {
  format: "csv",
  async load(bytes) {
    const decoded = decodeText(bytes);
    if (!decoded) {
      throw new LoadError(
        "damaged",
        "This table cannot be read. Save it as CSV in UTF-8 and upload it again.",
      );
    }
    const builder = new DocumentBuilder();
    addRows(builder, rowsOf(decoded.text.replaceAll("\0", "")));
    if (!builder.isEmpty) return builder.build({ title: false });
    throw new LoadError("no_text", "This table is empty.");
  },
};

function rowsOf(text: string): Row[] {
  const declared = SEPARATOR_LINE.exec(text);
  const body = declared ? text.slice(declared[0].length) : text;
  const longest = longestLine(body);
  if (longest > MAX_CHARACTERS / 4) throw tooLarge("a line that is too long to be a row of a table");
  const rows: Row[] = [];
  for (const row of readRows(body, declared?.[1] ?? detectDialect(body).delimiter)) {
    rows.push(row);
    if (rows.length > MAX_BLOCKS) throw tooLarge("more rows than can be read at once");
  }
  return withoutEmptyColumns(rows);
}

function longestLine(text: string): number {
  let longest = 0;
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    if (end === -1) return Math.max(longest, text.length - start);
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  return longest;
}

/** Lines above the table (its title, a date) are text; the first row with several cells may name the columns. */
function addRows(builder: DocumentBuilder, rows: readonly Row[]): void {
  const isTable = rows.some((row) => filled(row) > 1);
  const start = isTable ? rows.findIndex((row) => filled(row) > 1) : 0;
  for (const row of rows.slice(0, start)) builder.add("paragraph", row.join(" "));
  const table = rows.slice(start);
  addTable(builder, table, namesColumns(table) ? "yes" : "detect");
}

function filled(row: Row): number {
  return row.filter((cell) => cell.trim() !== "").length;
}

/**
 * Nearly every exported table begins with the names of its columns. They are short, all different, no numbers and no
 * sentences, and none of them is a value further down in its column.
 */
function namesColumns(table: readonly Row[]): boolean {
  const [first, ...body] = table;
  if (!first || body.length === 0) return false;
  const names = first.map((cell) => cell.trim()).filter((cell) => cell !== "");
  if (names.length < 1 || new Set(names).size < names.length) return false;
  if (names.some((name) => name.length > LONGEST_NAME || (NO_NAME.test(name) && name !== "#"))) return false;
  return !first.some(
    (name, column) => name.trim() !== "" && body.some((row) => row[column]?.trim() === name.trim()),
  );
}

function withoutEmptyColumns(rows: readonly Row[]): Row[] {
  const used: boolean[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      if (cell.trim() !== "") used[column] = true;
    });
  return used.includes(true) && !isFull(used)
    ? rows.map((row) => row.filter((_, column) => used[column]))
    : [...rows];
}

function isFull(used: readonly boolean[]): boolean {
  for (let column = 0; column < used.length; column++) if (!used[column]) return false;
  return true;
}

function tooLarge(what: string): LoadError {
  return new LoadError(
    "too_large_inside",
    `This file holds ${what}. Split it into smaller files and upload those.`,
  );
}
