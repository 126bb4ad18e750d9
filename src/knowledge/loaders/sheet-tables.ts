import type { CellGrid, CellTable } from "./cell-grid.ts";
import type { DocumentBuilder } from "./document-builder.ts";
import { addTable } from "./table.ts";

/** What a spreadsheet says about its rows beside their cells. */
export interface SheetHints {
  /** 0-based rows that name columns: those above a filter, on top of a named table, or frozen. */
  readonly headerRows: ReadonlySet<number>;
  /** 0-based rows in which every cell is bold. */
  readonly boldRows: ReadonlySet<number>;
}

/** A longer text is a note, not a title. */
const LONGEST_TITLE = 80;
/** Lines above a table that are looked at as its titles. */
const MOST_TITLES = 3;

/**
 * Adds what stands on a sheet: its tables, parted by empty rows, each with the lines above it as headings; and the
 * lines that belong to no table as paragraphs.
 */
export function addSheetTables(builder: DocumentBuilder, grid: CellGrid, hints: SheetHints): void {
  const tables = withDetachedHeaders(grid.tables());
  tables.forEach((table, index) => {
    const isTitle = table.rows.length === 1 && isTitleText(table.rows[0]) && isWide(tables[index + 1]);
    if (isTitle) addTitle(builder, table.rows[0]);
    else if (isLine(table))
      for (const row of table.rows) builder.add("paragraph", [...valuesOf(row)].join(" "));
    else addNamedTable(builder, table, hints);
  });
}

function addNamedTable(builder: DocumentBuilder, table: CellTable, hints: SheetHints): void {
  const top = titleRows(table.rows);
  for (const row of table.rows.slice(0, top)) addTitle(builder, row);
  const first = table.numbers[top] ?? -1;
  const second = table.numbers[top + 1] ?? -1;
  const named = hints.headerRows.has(first) || (hints.boldRows.has(first) && !hints.boldRows.has(second));
  const filled = valuesOf(table.rows[top]).size;
  addTable(builder, table.rows.slice(top), named && filled > 1 ? "yes" : "detect");
}

/** How many lines stand above a table: none where less than a table of two rows would be left below them. */
function titleRows(rows: CellTable["rows"]): number {
  let top = 0;
  while (top < MOST_TITLES && isTitleText(rows[top])) top++;
  return rows.length - top >= 2 && valuesOf(rows[top]).size > 1 ? top : 0;
}

function isTitleText(row: readonly string[] | undefined): boolean {
  const values = [...valuesOf(row)];
  return values.length === 1 && /\p{L}{2}/u.test(values[0] ?? "");
}

/** Names of columns with an empty row below them, for its looks, belong to the numbers that follow. */
function withDetachedHeaders(tables: readonly CellTable[]): readonly CellTable[] {
  const joined: CellTable[] = [];
  for (const table of tables) {
    const above = joined.at(-1);
    if (above && isHeaderOf(above, table)) joined[joined.length - 1] = join(above, table);
    else joined.push(table);
  }
  return joined;
}

function isHeaderOf(above: CellTable, table: CellTable): boolean {
  const [names = []] = above.rows;
  const [first = []] = table.rows;
  return (
    above.rows.length === 1 &&
    (table.numbers[0] ?? 0) - (above.numbers[0] ?? 0) === 2 &&
    names.length > 1 &&
    above.columns.length === table.columns.length &&
    above.columns.every((column, index) => column === table.columns[index]) &&
    names.every((name) => name.length <= LONGEST_TITLE && !/\d/.test(name)) &&
    first.some((cell) => /\d/.test(cell))
  );
}

function join(above: CellTable, table: CellTable): CellTable {
  return {
    ...table,
    numbers: [...above.numbers, ...table.numbers],
    rows: [...above.rows, ...table.rows],
  };
}

function addTitle(builder: DocumentBuilder, row: readonly string[] | undefined): void {
  const [text = ""] = valuesOf(row);
  if (text.length > LONGEST_TITLE) builder.add("paragraph", text);
  else builder.add("heading", text, { level: 2 });
}

/** One column, or one cell over all columns: running text. */
function isLine(table: CellTable): boolean {
  return table.columns.length === 1 || (table.rows.length === 1 && valuesOf(table.rows[0]).size === 1);
}

function isWide(table: CellTable | undefined): boolean {
  return table !== undefined && !isLine(table);
}

function valuesOf(row: readonly string[] | undefined): ReadonlySet<string> {
  return new Set(row?.filter((cell) => cell !== ""));
}
