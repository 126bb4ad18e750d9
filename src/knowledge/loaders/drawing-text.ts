/** DrawingML: the text of shapes and tables in PowerPoint slides and Excel drawings. */
import { CellGrid } from "./cell-grid.ts";
import type { BlockPlace, DocumentBuilder } from "./document-builder.ts";
import { listLabel } from "./list-label.ts";
import { addTable } from "./table.ts";
import { childAt, childElements, type XmlElement } from "./xml-reader.ts";

const NO_TEXT: ReadonlySet<string> = new Set(["pPr", "rPr", "endParaRPr", "extLst", "ctrlPr"]);

/**
 * Adds the paragraphs of a text body.
 *
 * @param bullets whether paragraphs that say nothing about it are list items, as in the content area of a slide
 */
export function addDrawingText(
  builder: DocumentBuilder,
  body: XmlElement | undefined,
  bullets: boolean,
  place: BlockPlace = {},
): void {
  if (!body) return;
  const items = bullets && !childAt(body, "lstStyle", "lvl1pPr", "buNone");
  const numbers: number[] = [];
  for (const paragraph of childElements(body, "p")) {
    const text = paragraphText(paragraph);
    if (text.trim() === "") continue;
    const properties = childAt(paragraph, "pPr");
    const level = Math.min(8, Number.parseInt(properties?.attributes.get("lvl") ?? "", 10) || 0);
    const numbering = childAt(properties, "buAutoNum");
    numbers.length = level + 1;
    numbers[level] = numbering ? (numbers[level] ?? startOf(numbering) - 1) + 1 : 0;
    if (!numbering) delete numbers[level];
    const isItem = properties?.children.some(
      (child) => typeof child !== "string" && /^bu(?:Char|AutoNum|Blip)$/.test(child.name),
    );
    const isPlain = childAt(properties, "buNone") !== undefined;
    const prefix = numbering ? label(numbering, numbers[level] ?? 1) : "";
    builder.add(isItem || (items && !isPlain) ? "list-item" : "paragraph", prefix + text, place);
  }
}

/** The text of all paragraphs, one a line: for titles and cells. */
export function drawingText(body: XmlElement | undefined): string {
  return body ? childElements(body, "p").map(paragraphText).join("\n").trim() : "";
}

/** A table in a shape. Its first row names the columns when it is marked as such and all its cells are filled. */
export function addDrawingTable(builder: DocumentBuilder, table: XmlElement, place: BlockPlace = {}): void {
  const grid = new CellGrid();
  childElements(table, "tr").forEach((row, rowIndex) => {
    childElements(row, "tc").forEach((cell, columnIndex) => {
      if (isOn(cell.attributes.get("hMerge")) || isOn(cell.attributes.get("vMerge"))) return;
      grid.set(rowIndex, columnIndex, drawingText(childAt(cell, "txBody")));
      grid.span(rowIndex, columnIndex, sizeOf(cell, "rowSpan"), sizeOf(cell, "gridSpan"));
    });
  });
  const rows = grid.whole();
  const marked = isOn(childAt(table, "tblPr")?.attributes.get("firstRow"));
  const named = marked && (rows[0] ?? []).slice(1).every((cell) => cell !== "") && (rows[0]?.length ?? 0) > 1;
  addTable(builder, rows, named ? "yes" : "detect", place);
}

function paragraphText(node: XmlElement): string {
  let text = "";
  for (const child of contentOf(node)) {
    if (child.name === "t") text += child.children.filter((part) => typeof part === "string").join("");
    else if (child.name === "br") text += "\n";
    else if (child.name === "fld" && /^slidenum$/i.test(child.attributes.get("type") ?? "")) continue;
    else if (!NO_TEXT.has(child.name)) text += paragraphText(child);
  }
  return text;
}

/** Children that are shown: of alternatives the first, which newer programs show, or the fallback in its place. */
export function contentOf(element: XmlElement): XmlElement[] {
  return childElements(element).flatMap((child) => {
    if (child.name !== "AlternateContent") return [child];
    const chosen = childAt(child, "Choice") ?? childAt(child, "Fallback");
    return chosen ? contentOf(chosen) : [];
  });
}

export function isOn(value: string | undefined): boolean {
  return value === "1" || value === "true" || value === "on";
}

function sizeOf(cell: XmlElement, name: string): number {
  return Math.max(1, Number.parseInt(cell.attributes.get(name) ?? "", 10) || 1);
}

function startOf(numbering: XmlElement): number {
  return Number.parseInt(numbering.attributes.get("startAt") ?? "", 10) || 1;
}

function label(numbering: XmlElement, number: number): string {
  const type = numbering.attributes.get("type") ?? "";
  if (!type.startsWith("alpha")) return listLabel(number, "1");
  return listLabel(number, type.startsWith("alphaUc") ? "A" : "a");
}
