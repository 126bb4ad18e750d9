import { DataBlocks } from "./data-blocks.ts";
import { isText } from "./data-values.ts";
import type { DocumentBuilder } from "./document-builder.ts";
import { addTable } from "./table.ts";
import { dataOf } from "./xml-data.ts";
import { childElements, hasOwnText, isElement, textOf, type XmlElement } from "./xml-tree.ts";

// Names, in lower case, that DocBook, DITA, TEI, FictionBook, JATS, Word 2003 and many home-made formats share.
const PARAGRAPHS = new Set([
  "p",
  "para",
  "simpara",
  "paragraph",
  "v",
  "line",
  "blockquote",
  "pre",
  "programlisting",
]);
const ITEMS = new Set(["li", "item", "listitem", "member", "bullet"]);
const TITLES = new Set([
  "title",
  "article-title",
  "book-title",
  "heading",
  "head",
  "header",
  "headline",
  "caption",
  "subtitle",
]);
const TABLES = new Set(["table", "tgroup", "tbl", "informaltable", "simpletable"]);
const ROWS = new Set(["row", "tr", "strow", "sthead"]);
const CELLS = new Set(["cell", "td", "th", "tc", "entry", "stentry"]);
/** Pictures and fonts as text, and style sheets: nothing to read. */
const NO_TEXT = new Set(["binary", "bindata", "stylesheet", "style", "script", "styles", "fonts"]);

/**
 * XML is prose when some element has text beside elements, or is a paragraph by its name. Then the names of its
 * elements ("section", "body") say nothing to a reader; otherwise they are the names of what the data says.
 */
export function holdsProse(element: XmlElement): boolean {
  const children = childElements(element);
  if (children.length > 0 && hasOwnText(element) && element.name !== "") return true;
  return children.some((child) => PARAGRAPHS.has(child.name.toLowerCase()) || holdsProse(child));
}

/** Adds articles and books: titles, paragraphs, list items and tables in their order. */
export class XmlProse {
  readonly #builder: DocumentBuilder;
  readonly #data: DataBlocks;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
    this.#data = new DataBlocks(builder);
  }

  /** @param level of the headings that are made, 1 or more */
  addChildren(element: XmlElement, level: number): void {
    for (const child of childElements(element)) this.#add(child, level);
  }

  #add(element: XmlElement, level: number): void {
    const name = element.name.toLowerCase();
    if (NO_TEXT.has(name)) return;
    if (isTitle(element)) {
      this.#builder.add("heading", textOf(element), { level: Math.min(6, level) });
    } else if (TABLES.has(name) && this.#addTable(element)) return;
    else if (ITEMS.has(name) && !hasBlocks(onlyParagraph(element) ?? element)) {
      this.#builder.add("list-item", oneLine(textOf(element)));
    } else if (hasOwnText(element) || (PARAGRAPHS.has(name) && !hasBlocks(element))) {
      this.#addText(element, level);
    } else if (isRecord(element)) this.#addRecord(element, level);
    else this.#addContainer(element, level);
  }

  #addText(element: XmlElement, level: number): void {
    if (!hasBlocks(element)) {
      this.#builder.add("paragraph", oneLine(textOf(element)));
      return;
    }
    this.#builder.add("paragraph", element.children.filter((child) => !isElement(child)).join(" "));
    this.addChildren(element, level);
  }

  #addRecord(element: XmlElement, level: number): void {
    const data = dataOf({ ...element, attributes: [] });
    if (isText(data)) this.#builder.add("paragraph", data);
    else this.#data.add([data], level);
  }

  #addContainer(element: XmlElement, level: number): void {
    const hasTitle = childElements(element).slice(0, 3).some(isTitle);
    if (!hasTitle) {
      this.addChildren(element, level);
      return;
    }
    for (const child of childElements(element)) this.#add(child, isTitle(child) ? level : level + 1);
  }

  /** @returns false when it is no table after all */
  #addTable(table: XmlElement): boolean {
    const rows = rowsOf(table);
    addTable(this.#builder, rows, "detect");
    return rows.length > 0;
  }
}

function isTitle(element: XmlElement): boolean {
  return /^h[1-6]$/i.test(element.name) || (TITLES.has(element.name.toLowerCase()) && !hasBlocks(element));
}

function onlyParagraph(item: XmlElement): XmlElement | undefined {
  const [only, ...more] = childElements(item);
  return only && more.length === 0 && PARAGRAPHS.has(only.name.toLowerCase()) && !hasOwnText(item)
    ? only
    : undefined;
}

function rowsOf(element: XmlElement): string[][] {
  const rows: string[][] = [];
  for (const child of childElements(element)) {
    if (!ROWS.has(child.name.toLowerCase())) rows.push(...rowsOf(child));
    else {
      const cells = childElements(child).filter((cell) => CELLS.has(cell.name.toLowerCase()));
      if (cells.length > 0) rows.push(cells.map(cellText));
    }
  }
  return rows;
}

/** The paragraphs of a cell do not run into each other. */
function cellText(cell: XmlElement): string {
  const apart = hasBlocks(cell) ? " " : "";
  return cell.children.map((child) => (isElement(child) ? cellText(child) + apart : child)).join("");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** Elements below it are paragraphs, items or tables of their own. */
function hasBlocks(element: XmlElement): boolean {
  return childElements(element).some((child) => {
    const name = child.name.toLowerCase();
    return PARAGRAPHS.has(name) || ITEMS.has(name) || TABLES.has(name) || hasBlocks(child);
  });
}

/** Nothing but leaves below it, none of them a title: the fields of one thing. */
function isRecord(element: XmlElement): boolean {
  const children = childElements(element);
  return (
    children.every((child) => childElements(child).length === 0 && !isTitle(child)) && !hasBlocks(element)
  );
}
