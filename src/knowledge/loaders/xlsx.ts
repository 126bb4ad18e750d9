import { meaningfulAltText } from "./alt-text.ts";
import { CellFormats } from "./cell-format.ts";
import { DocumentBuilder } from "./document-builder.ts";
import { addDrawingText, isOn } from "./drawing-text.ts";
import { LoadError, type Loader } from "./loader.ts";
import { OfficePackage } from "./office-package.ts";
import { officeTitle } from "./office-properties.ts";
import { mainPart, type OfficeRelation, relationsOf } from "./office-relations.ts";
import { buildSpreadsheet } from "./sheet-document.ts";
import { addSheetTables } from "./sheet-tables.ts";
import { parseRange } from "./xlsx-reference.ts";
import { type SheetTable, type WorkbookContext, XlsxSheet } from "./xlsx-sheet.ts";
import { readSharedStrings } from "./xlsx-strings.ts";
import { readCellStyles } from "./xlsx-styles.ts";
import { childAt, childElements, descendantElements, readXmlTree, type XmlElement } from "./xml-reader.ts";

const KIND = { name: "spreadsheet", program: "Excel" } as const;

/** Excel workbooks (.xlsx and its variants): every sheet that is shown, row by row, with the values as shown. */
export const xlsxLoader: Loader = {
  format: "xlsx",
  async load(bytes) {
    const source = new OfficePackage(bytes, KIND);
    const main = mainPart(source, "xl/workbook.xml");
    if (/\.bin$/i.test(main) || source.has("xl/workbook.bin")) throw binaryWorkbook();
    const workbook = readXmlTree(source, main);
    if (!workbook) throw source.damaged("no workbook");
    const relations = relationsOf(source, main);
    const sheets = sheetsOf(source, workbook, relations);
    const context = contextOf(source, workbook, relations);
    const builder = new DocumentBuilder();
    let hasHidden = false;
    for (const { name, part } of sheets.shown)
      if (addSheet(builder, source, context, name, part)) hasHidden = true;
    if (builder.isEmpty) throw source.noText();
    return buildSpreadsheet(builder, officeTitle(source), sheets.hidden, hasHidden);
  },
};

interface Sheets {
  readonly shown: readonly { readonly name: string; readonly part: string }[];
  readonly hidden: number;
}

/** Sheets whose reference is lost are found by their usual name. Charts on a sheet of their own hold no cells. */
function sheetsOf(
  source: OfficePackage,
  workbook: XmlElement,
  relations: ReadonlyMap<string, OfficeRelation>,
): Sheets {
  const list = childAt(workbook, "sheets");
  const shown = new Map<string, string>();
  let hidden = 0;
  (list ? childElements(list, "sheet") : []).forEach(({ attributes }, index) => {
    const relation = relations.get(attributes.get("r:id") ?? "");
    if (relation && relation.type !== "worksheet") return;
    const part = relation?.target ?? `xl/worksheets/sheet${index + 1}.xml`;
    if (/hidden$/i.test(attributes.get("state") ?? "")) hidden++;
    else if (source.has(part)) shown.set(part, attributes.get("name") ?? "");
  });
  return { shown: [...shown].map(([part, name]) => ({ name, part })), hidden };
}

function contextOf(
  source: OfficePackage,
  workbook: XmlElement,
  relations: ReadonlyMap<string, OfficeRelation>,
): WorkbookContext {
  const part = (type: string, usual: string): string =>
    [...relations.values()].find((relation) => relation.type === type)?.target ?? usual;
  const properties = childAt(workbook, "workbookPr");
  return {
    strings: readSharedStrings(source, part("sharedStrings", "xl/sharedStrings.xml")),
    styles: readCellStyles(source, part("styles", "xl/styles.xml")),
    formats: new CellFormats(isOn(properties?.attributes.get("date1904"))),
  };
}

/** @returns whether rows or columns were left out because they are hidden */
function addSheet(
  builder: DocumentBuilder,
  source: OfficePackage,
  context: WorkbookContext,
  name: string,
  part: string,
): boolean {
  const related = [...relationsOf(source, part).values()];
  const targets = (type: string): string[] =>
    related.filter((relation) => relation.type === type).map((relation) => relation.target);
  const sheet = new XlsxSheet(
    context,
    targets("table").flatMap((target) => tableOf(source, target)),
  );
  sheet.read(source, part);
  const drawings = targets("drawing").flatMap((target) => readXmlTree(source, target) ?? []);
  if (sheet.grid.isEmpty && drawings.length === 0) return sheet.hasHidden;
  builder.add("heading", name, { level: 1 });
  addSheetTables(builder, sheet.grid, sheet);
  for (const drawing of drawings) addDrawing(builder, drawing);
  return sheet.hasHidden;
}

function tableOf(source: OfficePackage, part: string): SheetTable[] {
  const table = readXmlTree(source, part);
  const range = parseRange(table?.attributes.get("ref") ?? "");
  if (!table || !range) return [];
  const hasHeader = table.attributes.get("headerRowCount") !== "0";
  return [{ range, hasHeader, isFiltered: childAt(table, "autoFilter", "filterColumn") !== undefined }];
}

/** Text boxes and described pictures that lie on the sheet. Charts show numbers that stand in cells. */
function addDrawing(builder: DocumentBuilder, drawing: XmlElement): void {
  for (const element of descendantElements(drawing)) {
    if (element.name === "txBody") addDrawingText(builder, element, false);
    else if (element.name === "pic") {
      const properties = childAt(element, "nvPicPr", "cNvPr");
      builder.add("paragraph", meaningfulAltText(properties?.attributes.get("descr") ?? ""));
    }
  }
}

function binaryWorkbook(): LoadError {
  return new LoadError(
    "not_supported_yet",
    "Binary Excel workbooks (.xlsb) cannot be read yet. Open it in Excel, save it as .xlsx and upload that.",
  );
}
