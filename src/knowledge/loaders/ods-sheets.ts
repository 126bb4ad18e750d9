import { CellGrid } from "./cell-grid.ts";
import type { DocumentBuilder } from "./document-builder.ts";
import { cellText, OdfBlocks } from "./odf-blocks.ts";
import type { OdfStyles } from "./odf-styles.ts";
import { copiesOf, placeRow, repeatsOf } from "./odf-table.ts";
import type { OfficePackage } from "./office-package.ts";
import { addSheetTables } from "./sheet-tables.ts";
import { readXml, type XmlAttributes, type XmlChoice, type XmlElement } from "./xml-reader.ts";

const ENTERED =
  /^(?:document-content|body|spreadsheet|table-(?:rows|row-group|header-rows|columns|column-group|header-columns))$/;
const ERROR_VALUE = /^(?:#(?:N\/A|REF!|NAME\?|VALUE!|DIV\/0!|NUM!|NULL!)|Err:\d+)$/;
const LAST_COLUMN = 16_384;

/** A sheet while it is read. */
class OpenSheet {
  readonly grid = new CellGrid();
  readonly headerRows = new Set<number>();
  readonly boldRows = new Set<number>();
  readonly hiddenColumns = new Set<number>();
  readonly shapes: XmlElement[] = [];
  row = 0;
  column = 0;

  constructor(readonly name: string) {}
}

/** Reads the sheets of a spreadsheet one after the other; only one row's XML is held at a time. */
export class OdsSheets {
  hiddenSheets = 0;
  /** Whether rows or columns were left out because they are hidden. */
  hasHidden = false;
  readonly #builder: DocumentBuilder;
  readonly #styles: OdfStyles;
  #sheet: OpenSheet | undefined;
  #groups = 0;
  #inHeader = false;

  constructor(builder: DocumentBuilder, styles: OdfStyles) {
    this.#builder = builder;
    this.#styles = styles;
  }

  /** @throws LoadError */
  read(source: OfficePackage): void {
    readXml(source, "content.xml", {
      open: (name, attributes) => this.#open(name, attributes),
      tree: (element) => this.#tree(element),
      close: (name) => this.#close(name),
    });
  }

  #open(name: string, attributes: XmlAttributes): XmlChoice {
    if (name === "table") return this.#openSheet(attributes);
    if (name === "table-row-group" || name === "table-column-group") this.#groups++;
    if (name === "table-header-rows") this.#inHeader = true;
    if (ENTERED.test(name)) return "enter";
    return /^(?:automatic-styles|table-row|table-column|shapes)$/.test(name) ? "tree" : "skip";
  }

  #openSheet(attributes: XmlAttributes): XmlChoice {
    if (this.#styles.isHidden("table", attributes.get("style-name"))) {
      this.hiddenSheets++;
      return "skip";
    }
    this.#sheet = new OpenSheet(attributes.get("name") ?? "");
    return "enter";
  }

  #close(name: string): void {
    if (name === "table-row-group" || name === "table-column-group") this.#groups--;
    if (name === "table-header-rows") this.#inHeader = false;
    if (name === "table") this.#endSheet();
  }

  #tree(element: XmlElement): void {
    if (element.name === "automatic-styles") this.#styles.add(element);
    else if (element.name === "table-column") this.#addColumns(element);
    else if (element.name === "table-row") this.#addRow(element);
    else this.#sheet?.shapes.push(element);
  }

  #addColumns(element: XmlElement): void {
    const sheet = this.#sheet;
    if (!sheet) return;
    const end = Math.min(LAST_COLUMN, sheet.column + repeatsOf(element, "number-columns-repeated"));
    if (this.#isHidden(element)) {
      this.hasHidden = true;
      for (let column = sheet.column; column < end; column++) sheet.hiddenColumns.add(column);
    }
    sheet.column = end;
  }

  #addRow(element: XmlElement): void {
    const sheet = this.#sheet;
    if (!sheet) return;
    const hidden = this.#isHidden(element);
    const copies = copiesOf(element);
    if (hidden) this.hasHidden = true;
    for (let row = sheet.row; row < sheet.row + copies; row++) {
      if (hidden) sheet.grid.bridge(row);
      else
        placeRow(
          sheet.grid,
          element,
          row,
          (cell) => this.#cellText(cell),
          (column) => sheet.hiddenColumns.has(column),
        );
      if (this.#inHeader) sheet.headerRows.add(row);
    }
    sheet.row += repeatsOf(element, "number-rows-repeated");
  }

  #cellText(cell: XmlElement): string {
    const text = cellText(cell, this.#styles) || storedValue(cell.attributes);
    return cell.attributes.has("formula") && ERROR_VALUE.test(text.trim()) ? "" : text;
  }

  /** Hidden by hand; not by a filter, and not in a group that a click opens. */
  #isHidden(element: XmlElement): boolean {
    return this.#groups === 0 && element.attributes.get("visibility") === "collapse";
  }

  #endSheet(): void {
    const sheet = this.#sheet;
    this.#sheet = undefined;
    if (!sheet || (sheet.grid.isEmpty && sheet.shapes.length === 0)) return;
    this.#builder.add("heading", sheet.name, { level: 1 });
    addSheetTables(this.#builder, sheet.grid, sheet);
    const blocks = new OdfBlocks(this.#builder, this.#styles);
    for (const shapes of sheet.shapes) blocks.addAll(shapes);
  }
}

/** The value of a cell whose text was not saved, as programs other than office programs write them. */
function storedValue(attributes: XmlAttributes): string {
  const value = ["string-value", "date-value", "time-value", "boolean-value", "value"]
    .map((name) => attributes.get(name))
    .find((candidate) => candidate !== undefined);
  return value ?? "";
}
