import { CellGrid } from "./cell-grid.ts";
import { childElements, type XmlElement } from "./xml-reader.ts";

/** A row or cell that says it is repeated more often than this repeats to fill a page or to do harm. */
const MOST_COPIES = 100;
const LAST_COLUMN = 16_384;

/** One row of a table or sheet, put where it stands. */
export function placeRow(
  grid: CellGrid,
  row: XmlElement,
  number: number,
  textOfCell: (cell: XmlElement) => string,
  isHidden: (column: number) => boolean = () => false,
): void {
  let column = 0;
  for (const cell of childElements(row)) {
    if (cell.name !== "table-cell" && cell.name !== "covered-table-cell") continue;
    const repeated = repeatsOf(cell, "number-columns-repeated");
    const text = cell.name === "table-cell" && column < LAST_COLUMN ? textOfCell(cell) : "";
    const copies = text === "" ? 0 : Math.min(repeated, MOST_COPIES, LAST_COLUMN - column);
    for (let copy = 0; copy < copies; copy++)
      if (!isHidden(column + copy)) grid.set(number, column + copy, text);
    if (copies > 0) {
      const rows = repeatsOf(cell, "number-rows-spanned");
      const columns = Math.min(LAST_COLUMN, repeatsOf(cell, "number-columns-spanned"));
      grid.span(number, column, rows, columns);
    }
    column += repeated;
  }
}

export function repeatsOf(element: XmlElement, name: string): number {
  return Math.max(1, Number.parseInt(element.attributes.get(name) ?? "", 10) || 1);
}

/** How often a repeated row is said: as often as it stands there, within reason. */
export function copiesOf(row: XmlElement): number {
  return Math.min(MOST_COPIES, repeatsOf(row, "number-rows-repeated"));
}

/** A table in a text or on a slide. */
export class OdfTable {
  /** Whether the first row is marked as naming the columns. */
  readonly hasHeader: boolean;
  readonly #rows: readonly XmlElement[];
  readonly #textOfCell: (cell: XmlElement) => string;

  constructor(table: XmlElement, textOfCell: (cell: XmlElement) => string) {
    const marked = new Set<XmlElement>();
    this.#rows = collectRows(table, false, marked);
    this.hasHeader =
      this.#rows[0] !== undefined && marked.has(this.#rows[0]) && marked.size < this.#rows.length;
    this.#textOfCell = textOfCell;
  }

  /** Columns of the widest row. */
  get width(): number {
    return this.#rows.reduce((width, row) => {
      const cells = childElements(row).filter(({ name }) => /^(?:covered-)?table-cell$/.test(name));
      return Math.max(
        width,
        cells.reduce((sum, cell) => sum + repeatsOf(cell, "number-columns-repeated"), 0),
      );
    }, 0);
  }

  cells(): readonly XmlElement[] {
    return this.#rows.flatMap((row) => childElements(row, "table-cell"));
  }

  /** @throws LoadError "too_large_inside" */
  rows(): readonly (readonly string[])[] {
    const grid = new CellGrid();
    let number = 0;
    for (const row of this.#rows)
      for (let copy = copiesOf(row); copy > 0; copy--) placeRow(grid, row, number++, this.#textOfCell);
    return grid.whole();
  }
}

function collectRows(parent: XmlElement, isHeader: boolean, marked: Set<XmlElement>): XmlElement[] {
  return childElements(parent).flatMap((child) => {
    if (child.name === "table-row") {
      if (isHeader) marked.add(child);
      return [child];
    }
    if (/^table-(?:rows|row-group|header-rows)$/.test(child.name))
      return collectRows(child, isHeader || child.name === "table-header-rows", marked);
    return [];
  });
}
