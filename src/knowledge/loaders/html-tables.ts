import type { TextMeasures } from "./html-text-measures.ts";
import { attribute, type HtmlElement, isElement } from "./html-tree.ts";

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
