import { MAX_BLOCKS, MAX_CHARACTERS } from "./document-builder.ts";
import { LoadError } from "./loader.ts";

/** Cells that hold something. Beyond this their text is over the limit on text in nearly every case. */
const MAX_CELLS = 1_500_000;
/** Places in all tables together, empty ones and those filled by merged cells counted. */
const MAX_PLACES = 10_000_000;

/** A part of a sheet without an empty row: the columns that hold anything, in their order. */
export interface CellTable {
  /** The 0-based row of the sheet in which each row stands. */
  readonly numbers: readonly number[];
  /** The 0-based columns of the sheet that hold anything. */
  readonly columns: readonly number[];
  readonly rows: readonly (readonly string[])[];
}

interface Span {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

interface SparseRow {
  readonly columns: number[];
  readonly texts: string[];
}

/**
 * Collects the cells of a table or a sheet wherever they stand: a cell in the last column of the last row costs no
 * more than one in the first. Rows and columns are 0-based.
 */
export class CellGrid {
  readonly #rows = new Map<number, SparseRow>();
  readonly #spans: Span[] = [];
  readonly #bridged = new Set<number>();
  #cells = 0;
  #characters = 0;
  #places = 0;
  #lastColumn = -1;

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  /** @throws LoadError "too_large_inside" */
  set(row: number, column: number, text: string): void {
    if (text.trim() === "") return;
    this.#characters += text.length;
    this.#lastColumn = Math.max(this.#lastColumn, column);
    this.#put(row, column, text);
  }

  /** The cell at `row` and `column` stands over `rows` x `columns` places; its text will stand in each of them. */
  span(row: number, column: number, rows: number, columns: number): void {
    if (rows * columns <= 1 || this.#spans.length >= MAX_CELLS) return;
    this.#spans.push({ row, column, rows, columns });
  }

  /** A row that is left out does not part the rows around it. */
  bridge(row: number): void {
    if (this.#bridged.size < MAX_CELLS) this.#bridged.add(row);
  }

  /** @throws LoadError "too_large_inside" */
  tables(): readonly CellTable[] {
    for (const span of this.#spans.splice(0)) this.#fill(span);
    const numbers = [...this.#rows.keys()].sort((a, b) => a - b);
    const tables: CellTable[] = [];
    let from = 0;
    for (let at = 1; at <= numbers.length; at++) {
      if (at < numbers.length && this.#isNext(numbers[at - 1], numbers[at])) continue;
      tables.push(this.#table(numbers.slice(from, at)));
      from = at;
    }
    return tables;
  }

  /** All rows as one table: for tables of a text, where an empty row parts nothing. */
  whole(): CellTable["rows"] {
    for (const span of this.#spans.splice(0)) this.#fill(span);
    return this.#table([...this.#rows.keys()].sort((a, b) => a - b)).rows;
  }

  #put(row: number, column: number, text: string): void {
    this.#cells++;
    const cells = this.#rows.get(row) ?? { columns: [], texts: [] };
    this.#rows.set(row, cells);
    cells.columns.push(column);
    cells.texts.push(text);
    // What the document could not hold anyway is refused before it fills the memory.
    if (this.#cells > MAX_CELLS || this.#rows.size > MAX_BLOCKS || this.#characters > MAX_CHARACTERS)
      throw tooLargeTables();
  }

  #isNext(row: number | undefined, next: number | undefined): boolean {
    if (row === undefined || next === undefined) return false;
    let following = row + 1;
    while (following < next && this.#bridged.has(following)) following++;
    return following === next;
  }

  #table(numbers: readonly number[]): CellTable {
    const used = new Set<number>();
    for (const number of numbers)
      for (const column of this.#rows.get(number)?.columns ?? []) used.add(column);
    const order = [...used].sort((a, b) => a - b);
    this.#count(numbers.length * order.length);
    const places = new Map(order.map((column, place) => [column, place]));
    const rows = numbers.map((number) => {
      const row = new Array<string>(order.length).fill("");
      const cells = this.#rows.get(number);
      cells?.columns.forEach((column, at) => {
        row[places.get(column) ?? 0] = cells.texts[at] ?? "";
      });
      return row;
    });
    return { numbers, columns: order, rows };
  }

  /** Only in rows and columns that hold something anyway: a merged area over a whole sheet adds nothing. */
  #fill(span: Span): void {
    const text = this.#textAt(span.row, span.column);
    if (text === undefined) return;
    const columns = Math.min(span.columns, this.#lastColumn - span.column + 1);
    for (const number of this.#existingRows(span)) {
      const cells = this.#rows.get(number);
      this.#count(columns + (cells?.columns.length ?? 0));
      const taken = new Set(cells?.columns);
      for (let column = span.column; column < span.column + columns; column++)
        if (!taken.has(column)) this.#put(number, column, text);
    }
  }

  #textAt(row: number, column: number): string | undefined {
    const cells = this.#rows.get(row);
    this.#count(cells?.columns.length ?? 1);
    return cells?.texts[cells.columns.indexOf(column)];
  }

  #existingRows({ row, rows }: Span): number[] {
    if (rows > this.#rows.size) {
      this.#count(this.#rows.size);
      return [...this.#rows.keys()].filter((number) => number >= row && number < row + rows);
    }
    this.#count(rows);
    return Array.from({ length: rows }, (_, index) => row + index).filter((number) => this.#rows.has(number));
  }

  #count(places: number): void {
    this.#places += places;
    if (this.#places > MAX_PLACES) throw tooLargeTables();
  }
}

export function tooLargeTables(): LoadError {
  return new LoadError(
    "too_large_inside",
    "The tables in this file are larger than can be read at once. Split them into several smaller files and upload those.",
  );
}
