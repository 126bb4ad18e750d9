/** 0-based. */
export interface CellReference {
  readonly row: number;
  readonly column: number;
}

export interface CellRange {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_384;

/** "B3" as row 2 and column 1; undefined when it is no cell that Excel knows. */
export function parseReference(reference: string): CellReference | undefined {
  const [, letters, digits] = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})$/.exec(reference) ?? [];
  if (letters === undefined || digits === undefined) return undefined;
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  const row = Number(digits);
  return row >= 1 && row <= LAST_ROW && column <= LAST_COLUMN
    ? { row: row - 1, column: column - 1 }
    : undefined;
}

/** "A1:C4", or one cell. */
export function parseRange(reference: string): CellRange | undefined {
  const [from = "", to = from] = reference.split(":");
  const start = parseReference(from);
  const end = parseReference(to);
  if (!start || !end) return undefined;
  return {
    top: Math.min(start.row, end.row),
    left: Math.min(start.column, end.column),
    rows: Math.abs(end.row - start.row) + 1,
    columns: Math.abs(end.column - start.column) + 1,
  };
}
