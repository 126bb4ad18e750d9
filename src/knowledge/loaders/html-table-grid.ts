/** Rows of a table with their cells in columns: spans are expanded, and rows that name the columns told from the rest. */

export interface TableCell {
  readonly text: string;
  /** `<th>`, or a cell whose whole text is bold. */
  readonly isHeading: "th" | "bold" | "no";
  /** At least 1. A row span of 0 reaches to the end of the table. */
  readonly columns: number;
  readonly rows: number;
}

export interface TableRow {
  readonly cells: readonly TableCell[];
  readonly inHead: boolean;
}

/** Rows with the same names above their columns. */
export interface TablePart {
  /** Undefined where the table does not say which row names the columns. */
  readonly names: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
  /** Its rows begin with a heading of their own, so the first row is no row of names. */
  readonly hasRowHeadings: boolean;
}

/** Spans end here: a hostile one may claim a thousand million columns. */
const MAX_COLUMNS = 500;
/** Cells that spans may add to one table. */
const MAX_SPANNED_CELLS = 100_000;
/** A longer text is said once, not in every cell that it spans. */
const LONGEST_REPEATED = 200;
const LONGEST_NAME = 60;

export function tableParts(rows: readonly TableRow[]): readonly TablePart[] {
  const grid = expand(rows);
  const parts: (TablePart & { readonly rows: (readonly string[])[] })[] = [];
  let headings: string[][] = [];
  rows.forEach((row, index) => {
    const cells = grid[index] ?? [];
    const last = parts.at(-1);
    if (namesColumns(rows, index, last === undefined)) {
      headings.push(cells);
      return;
    }
    if (headings.length > 0 || !last) {
      const { titles, names } = joinNames(headings);
      parts.push({ names, rows: [...titles, cells], hasRowHeadings: startsWithHeading(row) });
      headings = [];
    } else {
      last.rows.push(cells);
    }
  });
  if (headings.length > 0) parts.push({ names: undefined, rows: headings, hasRowHeadings: true });
  return parts;
}

/** In `<thead>`, or nothing but `<th>`; without either, a first row that is bold where the next one is not. */
function namesColumns(rows: readonly TableRow[], index: number, isTop: boolean): boolean {
  const row = rows[index];
  if (!row) return false;
  if (row.inHead) return true;
  const filled = row.cells.filter((cell) => cell.text !== "");
  const width = row.cells.reduce((sum, cell) => sum + cell.columns, 0);
  if (filled.length === 0 || width < 2) return false;
  // Over the whole width it is the heading of the rows below, unless it stands on top of the names.
  if (row.cells.every((cell) => cell.isHeading === "th" || cell.text === "") && row.cells.length > 1)
    return true;
  const next = rows[index + 1]?.cells ?? [];
  return (
    isTop &&
    index === 0 &&
    filled.length > 1 &&
    filled.every((cell) => cell.isHeading === "bold") &&
    next.some((cell) => cell.text !== "" && cell.isHeading === "no")
  );
}

function startsWithHeading(row: TableRow): boolean {
  return row.cells[0]?.isHeading === "th" && row.cells.some((cell) => cell.isHeading !== "th");
}

/**
 * "Summer" above "Adults" becomes "Summer › Adults"; a name too long for that keeps its lowest part. A row that says
 * one thing over the whole width is a title.
 */
function joinNames(headings: readonly (readonly string[])[]): {
  titles: readonly (readonly string[])[];
  names: string[] | undefined;
} {
  const naming = headings.filter((row) => new Set(row.filter((name) => name !== "")).size > 1);
  if (naming.length === 0) return { titles: headings, names: undefined };
  const width = naming.reduce((widest, row) => Math.max(widest, row.length), 0);
  const names = Array.from({ length: width }, (_, column) => {
    const above = naming.map((row) => row[column] ?? "").filter((name) => name !== "");
    const distinct = above.filter((name, index) => name !== above[index - 1]);
    const joined = distinct.join(" › ");
    return joined.length <= LONGEST_NAME ? joined : (distinct.at(-1) ?? "");
  });
  return { titles: headings.filter((row) => !naming.includes(row)), names };
}

function expand(rows: readonly TableRow[]): string[][] {
  const grid: string[][] = rows.map(() => []);
  let budget = MAX_SPANNED_CELLS;
  rows.forEach((row, index) => {
    const line = grid[index];
    if (!line) return;
    let column = 0;
    for (const cell of row.cells) {
      while (line[column] !== undefined) column++;
      const columns = Math.max(1, Math.min(cell.columns, MAX_COLUMNS - column));
      const down = cell.rows === 0 ? rows.length - index : Math.min(cell.rows, rows.length - index);
      const height = columns * down - 1 <= budget ? down : 1;
      const width = columns * height - 1 <= budget ? columns : 1;
      budget -= width * height - 1;
      fill(grid, index, column, width, height, cell.text);
      column += width;
    }
  });
  return grid.map((line) => Array.from(line, (cell) => cell ?? ""));
}

function fill(
  grid: readonly string[][],
  top: number,
  left: number,
  width: number,
  height: number,
  text: string,
): void {
  for (let row = top; row < top + height; row++) {
    for (let column = left; column < left + width; column++) {
      const line = grid[row];
      const isFirst = row === top && column === left;
      if (line) line[column] = isFirst || text.length <= LONGEST_REPEATED ? text : "";
    }
  }
}
