import type { CellFormats } from "./cell-format.ts";
import { CellGrid } from "./cell-grid.ts";
import { isOn } from "./drawing-text.ts";
import type { OfficePackage } from "./office-package.ts";
import type { SheetHints } from "./sheet-tables.ts";
import { type CellRange, parseRange, parseReference } from "./xlsx-reference.ts";
import { richText, unescaped } from "./xlsx-strings.ts";
import type { CellStyle } from "./xlsx-styles.ts";
import {
  childAt,
  childElements,
  readXml,
  textOf,
  type XmlAttributes,
  type XmlChoice,
  type XmlElement,
} from "./xml-reader.ts";

/** What the cells of all sheets refer to. */
export interface WorkbookContext {
  readonly strings: readonly string[];
  readonly styles: readonly CellStyle[];
  readonly formats: CellFormats;
}

/** A named table on a sheet (what Excel calls a table). */
export interface SheetTable {
  readonly range: CellRange;
  readonly hasHeader: boolean;
  readonly isFiltered: boolean;
}

const ENTERED: ReadonlySet<string> = new Set([
  "worksheet",
  "sheetViews",
  "sheetView",
  "cols",
  "sheetData",
  "row",
  "mergeCells",
]);
const LAST_COLUMN = 16_384;
const GENERAL: CellStyle = { pattern: "General", bold: false };

/**
 * Reads one sheet cell by cell, without holding its XML. Rows and columns that the author hid are left out; those
 * that only a filter or a closed outline hides are read.
 */
export class XlsxSheet implements SheetHints {
  readonly grid = new CellGrid();
  readonly headerRows = new Set<number>();
  readonly boldRows = new Set<number>();
  /** Whether something was left out because it is hidden. */
  hasHidden = false;
  readonly #context: WorkbookContext;
  readonly #tables: readonly SheetTable[];
  readonly #hiddenColumns = new Set<number>();
  #filtered = false;
  #row = -1;
  #column = -1;
  #rowHidden = false;
  #plainCells = 0;
  #boldCells = 0;

  constructor(context: WorkbookContext, tables: readonly SheetTable[]) {
    this.#context = context;
    this.#tables = tables;
    for (const { range, hasHeader } of tables) if (hasHeader) this.headerRows.add(range.top);
  }

  /** @throws LoadError */
  read(source: OfficePackage, part: string): void {
    readXml(source, part, {
      open: (name, attributes) => this.#open(name, attributes),
      tree: (cell) => this.#cell(cell),
      close: (name) => {
        if (name === "row") this.#endRow();
      },
    });
  }

  #open(name: string, attributes: XmlAttributes): XmlChoice {
    if (name === "c") return this.#rowHidden ? "skip" : "tree";
    if (name === "row") this.#startRow(attributes);
    else if (name === "sheetPr") this.#filtered = isOn(attributes.get("filterMode"));
    else if (name === "pane") this.#pane(attributes);
    else if (name === "col") this.#columns(attributes);
    else if (name === "mergeCell") this.#merge(attributes.get("ref") ?? "");
    else if (name === "autoFilter") this.#filter(attributes.get("ref") ?? "");
    return ENTERED.has(name) ? "enter" : "skip";
  }

  #startRow(attributes: XmlAttributes): void {
    const number = Number(attributes.get("r"));
    this.#row = Number.isInteger(number) && number > 0 ? number - 1 : this.#row + 1;
    this.#column = -1;
    this.#plainCells = 0;
    this.#boldCells = 0;
    this.#rowHidden = isHidden(attributes) && !this.#filtered && !this.#isInFilteredTable(this.#row);
    if (this.#rowHidden) {
      this.hasHidden = true;
      this.grid.bridge(this.#row);
    }
  }

  #endRow(): void {
    if (this.#boldCells > 0 && this.#plainCells === 0) this.boldRows.add(this.#row);
  }

  #cell(cell: XmlElement): void {
    const reference = parseReference(cell.attributes.get("r") ?? "");
    this.#column = reference?.column ?? this.#column + 1;
    if (reference) this.#row = reference.row;
    if (this.#hiddenColumns.has(this.#column)) return;
    const style = this.#context.styles[Number(cell.attributes.get("s") ?? 0)] ?? GENERAL;
    const text = this.#text(cell, style);
    if (text.trim() === "") return;
    if (style.bold) this.#boldCells++;
    else this.#plainCells++;
    this.grid.set(this.#row, this.#column, text);
  }

  /** What the cell shows; "" for errors and for formulas whose result was not saved. */
  #text(cell: XmlElement, { pattern }: CellStyle): string {
    const { formats, strings } = this.#context;
    const type = cell.attributes.get("t") ?? "n";
    if (type === "inlineStr") {
      const item = childAt(cell, "is");
      return item ? formats.text(richText(item), pattern) : "";
    }
    const raw = childElements(cell, "v").map(textOf).join("");
    if (raw === "" || type === "e") return "";
    if (type === "s") return formats.text(strings[Number(raw)] ?? "", pattern);
    if (type === "str") return formats.text(unescaped(raw), pattern);
    if (type === "b") return isOn(raw.trim()) ? "TRUE" : "FALSE";
    return type === "d" ? formats.isoDate(raw.trim(), pattern) : formats.number(raw.trim(), pattern);
  }

  #pane(attributes: XmlAttributes): void {
    const rows = Number(attributes.get("ySplit"));
    if (/^frozen/.test(attributes.get("state") ?? "") && rows >= 1) this.headerRows.add(rows - 1);
  }

  #columns(attributes: XmlAttributes): void {
    if (!isHidden(attributes)) return;
    this.hasHidden = true;
    const last = Math.min(LAST_COLUMN, Number(attributes.get("max")));
    for (let column = Math.max(1, Number(attributes.get("min"))); column <= last; column++)
      this.#hiddenColumns.add(column - 1);
  }

  #merge(reference: string): void {
    const range = parseRange(reference);
    if (range) this.grid.span(range.top, range.left, range.rows, range.columns);
  }

  #filter(reference: string): void {
    const range = parseRange(reference);
    if (range && range.columns > 1) this.headerRows.add(range.top);
  }

  #isInFilteredTable(row: number): boolean {
    return this.#tables.some(
      ({ range, isFiltered }) => isFiltered && row >= range.top && row < range.top + range.rows,
    );
  }
}

/** Hidden by hand: what stands in a closed outline opens with a click. */
function isHidden(attributes: XmlAttributes): boolean {
  return isOn(attributes.get("hidden")) && !(Number(attributes.get("outlineLevel") ?? 0) > 0);
}
