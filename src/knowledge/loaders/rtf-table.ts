import type { DocumentBuilder } from "./document-builder.ts";
import { addTable } from "./table.ts";

/** Edges nearer than this, in twentieths of a point, are one: tables drawn by hand do not meet exactly. */
const SAME_EDGE = 100;
const MAX_COLUMNS = 1_000;

interface Row {
  readonly cells: readonly string[];
  readonly edges: readonly number[];
}

/** Collects the rows of a table until something else follows. */
export class RtfTable {
  #rows: Row[] = [];
  #cells: string[] = [];
  #edges: number[] = [];
  #hasHeader = false;

  /** `\trowd`: the edges of the row's cells follow. */
  define(): void {
    this.#edges = [];
  }

  /** `\cellx`: where the next cell ends. */
  addEdge(edge: number): void {
    if (this.#edges.length < MAX_COLUMNS) this.#edges.push(edge);
  }

  /** `\trhdr`: the row stands at the top of each page. */
  markHeader(): void {
    if (this.#rows.length === 0) this.#hasHeader = true;
  }

  addCell(text: string): void {
    if (this.#cells.length < MAX_COLUMNS) this.#cells.push(text);
  }

  endRow(): void {
    if (this.#cells.length > 0) this.#rows.push({ cells: this.#cells, edges: this.#edges });
    this.#cells = [];
  }

  get isOpen(): boolean {
    return this.#rows.length > 0 || this.#cells.length > 0;
  }

  flush(builder: DocumentBuilder): void {
    if (!this.isOpen) return;
    this.endRow();
    addTable(builder, spread(this.#rows), this.#hasHeader ? "yes" : "detect");
    this.#rows = [];
    this.#hasHeader = false;
  }
}

/** A cell that is as wide as several columns stands in each of them. */
function spread(rows: readonly Row[]): (readonly string[])[] {
  const columns = columnsOf(rows);
  const widest = Math.max(...rows.slice(0, 1_000).map((row) => row.cells.length));
  const known = rows.every((row) => row.edges.length >= row.cells.length);
  if (!known || columns.length > widest) return rows.map((row) => row.cells);
  return rows.map(({ cells, edges }) => {
    const out: string[] = [];
    for (const [index, cell] of cells.entries()) {
      const edge = edges[index] ?? 0;
      let covered = 0;
      while (out.length < columns.length && (columns[out.length] ?? 0) <= edge + SAME_EDGE) {
        out.push(cell);
        covered++;
      }
      if (covered === 0 && cell.trim() !== "") out.push(cell);
    }
    return out;
  });
}

function columnsOf(rows: readonly Row[]): number[] {
  const edges = [...new Set(rows.flatMap((row) => row.edges.slice(0, row.cells.length)))].sort(
    (a, b) => a - b,
  );
  const columns: number[] = [];
  for (const edge of edges) if (edge - (columns.at(-1) ?? -SAME_EDGE - 1) > SAME_EDGE) columns.push(edge);
  return columns;
}
