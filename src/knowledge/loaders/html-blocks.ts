import { meaningfulAltText } from "./alt-text.ts";
import type { DocumentBuilder } from "./document-builder.ts";
import { isLayoutTable } from "./html-tables.ts";
import {
  attribute,
  type HtmlElement,
  type HtmlNode,
  type HtmlParent,
  isElement,
  isText,
} from "./html-tree.ts";
import type { Visibility } from "./html-visibility.ts";
import type { BlockKind } from "./loader.ts";

const INLINE: ReadonlySet<string> = new Set(
  (
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label map mark nobr o:p output " +
    "picture q rb ruby s samp small span strike strong sub sup time tt u var wbr"
  ).split(" "),
);

interface Context {
  readonly kind: BlockKind;
  readonly level?: number;
  /** Inside `<main>` or `<article>`: a header there belongs to the content. */
  readonly insideContent: boolean;
}

/** Walks a tree in reading order and hands headings, paragraphs, list items, rows and code to a DocumentBuilder. */
export class HtmlBlocks {
  readonly #builder: DocumentBuilder;
  readonly #visibility: Visibility;
  #pending = "";
  #prefix = "";

  constructor(builder: DocumentBuilder, visibility: Visibility) {
    this.#builder = builder;
    this.#visibility = visibility;
  }

  addAll(root: HtmlParent): void {
    const context: Context = { kind: "paragraph", insideContent: false };
    this.#walk(root.childNodes, context);
    this.#flush(context);
  }

  #walk(nodes: readonly HtmlNode[], context: Context): void {
    for (const node of nodes) {
      if (isText(node)) this.#pending += collapse(node.value);
      else if (isElement(node) && this.#visibility.shows(node, context.insideContent))
        this.#element(node, context);
    }
  }

  #element(element: HtmlElement, context: Context): void {
    const { tagName } = element;
    if (tagName === "br") this.#pending += "\n";
    else if (tagName === "img") this.#pending += altText(element);
    else if (tagName === "rt" || tagName === "rp") return;
    else if (INLINE.has(tagName) && !hasBlockChild(element)) this.#walk(element.childNodes, context);
    else this.#block(element, context);
  }

  #block(element: HtmlElement, context: Context): void {
    const { tagName } = element;
    this.#flush(context);
    if (/^h[1-6]$/.test(tagName))
      this.#nested(element, { ...context, kind: "heading", level: Number(tagName[1]) });
    else if (tagName === "pre" || tagName === "listing" || tagName === "xmp")
      this.#builder.add("code", verbatim(element));
    else if (tagName === "ul" || tagName === "ol" || tagName === "menu" || tagName === "dir")
      this.#list(element, context);
    else if (tagName === "table" && !isLayoutTable(element, this.#visibility.measures))
      this.#table(element, context);
    else if (tagName === "main" || tagName === "article")
      this.#nested(element, { ...context, insideContent: true });
    else this.#nested(element, context);
  }

  #nested(element: HtmlElement, context: Context): void {
    this.#walk(element.childNodes, context);
    this.#flush(context);
  }

  /** Ordered items keep their number: answers quote "step 3". */
  #list(list: HtmlElement, context: Context): void {
    const item: Context = { kind: "list-item", insideContent: context.insideContent };
    let number = Number.parseInt(attribute(list, "start"), 10) || 1;
    for (const child of list.childNodes) {
      if (
        isElement(child) &&
        child.tagName === "li" &&
        this.#visibility.shows(child, context.insideContent)
      ) {
        this.#prefix = list.tagName === "ol" ? `${number++}. ` : "";
        this.#nested(child, item);
        this.#prefix = "";
      } else {
        this.#walk([child], item);
      }
    }
    this.#flush(item);
  }

  #table(table: HtmlElement, context: Context): void {
    for (const child of table.childNodes) {
      if (!isElement(child) || !this.#visibility.shows(child, context.insideContent)) continue;
      if (child.tagName === "tr") this.#builder.add("table-row", this.#row(child, context));
      else if (child.tagName === "caption") this.#nested(child, { kind: "paragraph", insideContent: true });
      else this.#table(child, context);
    }
  }

  #row(row: HtmlElement, context: Context): string {
    const cells: string[] = [];
    for (const cell of row.childNodes) {
      if (isElement(cell) && this.#visibility.shows(cell, context.insideContent))
        cells.push(this.#cell(cell));
    }
    while (cells.at(-1) === "") cells.pop();
    return cells.some((cell) => cell !== "") ? cells.join(" | ") : "";
  }

  #cell(cell: HtmlElement): string {
    const parts: string[] = [];
    const collect = (node: HtmlNode): void => {
      if (isText(node)) parts.push(node.value);
      else if (!isElement(node) || !this.#visibility.shows(node, true)) return;
      else if (node.tagName === "img") parts.push(altText(node));
      else {
        if (!INLINE.has(node.tagName)) parts.push(" ");
        node.childNodes.forEach(collect);
        if (!INLINE.has(node.tagName)) parts.push(" ");
      }
    };
    cell.childNodes.forEach(collect);
    return parts.join("").replace(/\s+/g, " ").trim();
  }

  #flush(context: Context): void {
    const text = this.#pending;
    this.#pending = "";
    if (text.trim() === "") return;
    this.#builder.add(
      context.kind,
      this.#prefix + text.trimStart(),
      context.level ? { level: context.level } : {},
    );
    this.#prefix = "";
  }
}

function collapse(text: string): string {
  return text.replace(/[ \t\r\n\f]+/g, " ");
}

function altText(image: HtmlElement): string {
  const alt = meaningfulAltText(attribute(image, "alt"));
  return alt === "" ? " " : ` ${alt} `;
}

function hasBlockChild(element: HtmlElement): boolean {
  return element.childNodes.some(
    (child) => isElement(child) && !INLINE.has(child.tagName) && !/^(?:br|img|rt|rp)$/.test(child.tagName),
  );
}

function verbatim(node: HtmlNode): string {
  if (isText(node)) return node.value;
  if (!isElement(node)) return "";
  return node.tagName === "br" ? "\n" : node.childNodes.map(verbatim).join("");
}
