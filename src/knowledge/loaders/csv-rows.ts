import Papa from "papaparse";

const DELIMITERS = ["\t", ";", ",", "|"] as const;
const SAMPLE_CHARACTERS = 64 * 1024;
const SAMPLE_ROWS = 100;
/** A quotation mark too many makes the reader start again behind its line; a file full of them is read without. */
const MAX_REPAIRS = 20;
/** Stands for "no quotation marks": no text has it. */
const NO_QUOTE = "\u0000";

/** How well a text reads as a table with this separator. */
export interface Dialect {
  readonly delimiter: string;
  /** 0..1: share of the rows, among the first hundred, that have the usual number of cells. */
  readonly agreement: number;
  readonly columns: number;
  /** Share of the separators that a space follows: prose has one behind each comma. */
  readonly spaced: number;
  readonly rows: number;
}

/** The separator that cuts most rows into the same number of cells, two or more. */
export function detectDialect(text: string): Dialect {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  const candidates = DELIMITERS.map((delimiter) => judge(sample, delimiter, text.length > sample.length));
  const [first, ...others] = candidates;
  let best = first ?? { delimiter: ",", agreement: 0, columns: 1, spaced: 0, rows: 0 };
  for (const other of others) if (merit(other) > merit(best)) best = other;
  return best;
}

function merit(dialect: Dialect): number {
  return dialect.columns < 2 ? 0 : dialect.agreement + Math.min(dialect.columns, 10) / 100;
}

function judge(sample: string, delimiter: string, cut: boolean): Dialect {
  const { data } = Papa.parse<string[]>(sample, { delimiter, preview: SAMPLE_ROWS, skipEmptyLines: true });
  const rows = cut && data.length < SAMPLE_ROWS ? data.slice(0, -1) : data;
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  const [columns = 1, agreeing = 0] =
    [...counts].filter(([length]) => length > 1).sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [];
  const cells = rows.flatMap((row) => row.slice(1));
  const spaced = cells.filter((cell) => cell.startsWith(" ")).length / Math.max(1, cells.length);
  return { delimiter, agreement: agreeing / Math.max(1, rows.length), columns, spaced, rows: rows.length };
}

/** Rows of cells. A line with broken quoting is read as it stands, without its marks meaning anything. */
export function* readRows(text: string, delimiter: string): Generator<readonly string[]> {
  let rest = text;
  for (let repairs = 0; repairs < MAX_REPAIRS; repairs++) {
    const { rows, brokenAt } = readSound(rest, delimiter);
    yield* rows;
    if (brokenAt === undefined) return;
    const end = endOfLine(rest, brokenAt);
    yield* parsePlain(rest.slice(brokenAt, end), delimiter);
    rest = rest.slice(end);
  }
  yield* parsePlain(rest, delimiter);
}

interface Sound {
  readonly rows: readonly string[][];
  /** Offset of the first row with broken quoting. */
  readonly brokenAt: number | undefined;
}

function readSound(text: string, delimiter: string): Sound {
  const rows: string[][] = [];
  let brokenAt: number | undefined;
  let rowStart = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: true,
    step: ({ data, errors, meta }, parser) => {
      if (errors.some((error) => error.type === "Quotes")) {
        brokenAt = rowStart;
        parser.abort();
        return;
      }
      rows.push(data);
      rowStart = meta.cursor;
    },
  });
  return { rows, brokenAt };
}

function parsePlain(text: string, delimiter: string): string[][] {
  return Papa.parse<string[]>(text, { delimiter, quoteChar: NO_QUOTE, skipEmptyLines: true }).data;
}

function endOfLine(text: string, from: number): number {
  const start = from + (/^[\r\n]*/.exec(text.slice(from, from + 1000))?.[0].length ?? 0);
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end + 1;
}
