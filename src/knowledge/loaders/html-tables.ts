import type { DocumentBuilder } from "./document-builder.ts";
import { altText, isInline } from "./html-inline.ts";
import { type TableCell, type TableRow, tableParts } from "./html-table-grid.ts";
import type { TextMeasures } from "./html-text-measures.ts";
import { attribute, type HtmlElement, type HtmlNode, isElement, isText } from "./html-tree.ts";
import type { Visibility } from "./html-visibility.ts";
import { addTable } from "./table.ts";

/** A cell of more characters than this holds the page's text, not a value. */
const LONGEST_VALUE = 1_000;

/**
 * Tables that only place things on a page: announced as such, one column wide, or holding headings or long texts.
 * Looks at the table's own rows only, so that nested tables are each looked at once.
 */
export function isLayoutTable(table: HtmlElement, measures: TextMeasures): boolean {
  if (/^(?:presentation|none)$/.test(attribute(table, "role"))) return true;
  let columns = 0;
  let longest = 0;
  for (const row of rowsOf(table)) {
    const cells = row.childNodes.filter(isElement);
    if (cells.some((cell) => cell.tagName === "th")) return false;
    columns = Math.max(columns, cells.length);
    for (const cell of cells) longest = Math.max(longest, measures.of(cell).characters);
  }
  return columns <= 1 || measures.of(table).headings > 0 || longest > LONGEST_VALUE;
}

function* rowsOf(table: HtmlElement): Generator<HtmlElement> {
  for (const child of table.childNodes) {
    if (!isElement(child)) continue;
    if (child.tagName === "tr") yield child;
    else if (/^(?:tbody|thead|tfoot)$/.test(child.tagName)) yield* rowsOf(child);
  }
}

/** Adds the rows of a table, each cell with the name of its column where it has one. */
export function addHtmlTable(
  builder: DocumentBuilder,
  table: HtmlElement,
  visibility: Visibility,
  insideContent: boolean,
): void {
  const rows = [...visibleRows(table, visibility, insideContent)];
  for (const { names, rows: body, hasRowHeadings } of tableParts(rows)) {
    if (names) addTable(builder, [names, ...body], "yes");
    else addTable(builder, body, hasRowHeadings ? "no" : "detect");
  }
}

/** The captions of a table: text above its rows. */
export function captionsOf(table: HtmlElement): readonly HtmlElement[] {
  return table.childNodes.filter(isElement).filter((child) => child.tagName === "caption");
}

function* visibleRows(
  part: HtmlElement,
  visibility: Visibility,
  insideContent: boolean,
  inHead = false,
): Generator<TableRow> {
  for (const child of part.childNodes) {
    if (!isElement(child) || child.tagName === "caption" || !visibility.shows(child, insideContent)) continue;
    if (child.tagName === "tr") yield { cells: cellsOf(child, visibility, insideContent), inHead };
    else yield* visibleRows(child, visibility, insideContent, inHead || child.tagName === "thead");
  }
}

function cellsOf(row: HtmlElement, visibility: Visibility, insideContent: boolean): TableCell[] {
  const cells: TableCell[] = [];
  for (const cell of row.childNodes) {
    if (!isElement(cell) || !visibility.shows(cell, insideContent)) continue;
    const text = textInOneLine(cell, visibility);
    const isBold = text !== "" && textInOneLine(cell, visibility, true) === "";
    cells.push({
      text,
      isHeading: cell.tagName === "th" ? "th" : isBold ? "bold" : "no",
      columns: span(cell, "colspan") || 1,
      rows: hasSpan(cell, "rowspan") ? span(cell, "rowspan") : 1,
    });
  }
  return cells;
}

function hasSpan(cell: HtmlElement, name: string): boolean {
  return /^\s*\d/.test(attribute(cell, name));
}

/** Cut to what browsers allow; 0 where there is none. */
function span(cell: HtmlElement, name: string): number {
  return Math.min(Number.parseInt(attribute(cell, name), 10) || 0, 65_534);
}

/** All visible text below an element, with its blocks set apart by spaces. @param withoutBold leave bold text out */
export function textInOneLine(element: HtmlElement, visibility: Visibility, withoutBold = false): string {
  const parts: string[] = [];
  const collect = (node: HtmlNode): void => {
    if (isText(node)) parts.push(node.value);
    else if (!isElement(node) || !visibility.shows(node, true)) return;
    else if (node.tagName === "img") parts.push(altText(node));
    else if (node.tagName === "rt" || node.tagName === "rp") return;
    else if (withoutBold && (node.tagName === "b" || node.tagName === "strong")) return;
    else {
      const space = isInline(node) ? "" : " ";
      parts.push(space);
      node.childNodes.forEach(collect);
      parts.push(space);
    }
  };
  element.childNodes.forEach(collect);
  return parts.join("").replace(/\s+/g, " ").trim();
}
