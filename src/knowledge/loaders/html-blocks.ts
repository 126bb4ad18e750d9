import type { DocumentBuilder } from "./document-builder.ts";
import { altText, collapse, hasBlockChild, isInline } from "./html-inline.ts";
import { addHtmlTable, captionsOf, isLayoutTable, textInOneLine } from "./html-tables.ts";
import {
  attribute,
  type HtmlElement,
  type HtmlNode,
  type HtmlParent,
  isElement,
  isText,
  textOf,
} from "./html-tree.ts";
import type { Visibility } from "./html-visibility.ts";
import type { BlockKind } from "./loader.ts";

/** A longer term is a text of its own. */
const LONGEST_TERM = 120;

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
    else if (isInline(element) && !hasBlockChild(element)) this.#walk(element.childNodes, context);
    else this.#block(element, context);
  }

  #block(element: HtmlElement, context: Context): void {
    const { tagName } = element;
    this.#flush(context);
    if (/^h[1-6]$/.test(tagName))
      this.#nested(element, { ...context, kind: "heading", level: Number(tagName[1]) });
    else if (tagName === "pre" || tagName === "listing" || tagName === "xmp")
      this.#builder.add("code", textOf(element));
    else if (tagName === "ul" || tagName === "ol" || tagName === "menu" || tagName === "dir")
      this.#list(element, context);
    else if (tagName === "dl") this.#definitions(element, context);
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

  /** "term: definition", so that a definition means something without the lines around it. */
  #definitions(list: HtmlElement, context: Context): void {
    const item: Context = { kind: "list-item", insideContent: context.insideContent };
    let terms: string[] = [];
    let isDefined = true;
    for (const child of definitionParts(list)) {
      if (!this.#visibility.shows(child, context.insideContent)) continue;
      if (child.tagName === "dt") {
        if (isDefined) terms = [];
        isDefined = false;
        const term = this.#termOf(child);
        if (term === undefined) this.#nested(child, { ...context, kind: "paragraph" });
        else terms.push(term);
      } else {
        isDefined = true;
        this.#definition(child, terms.join(", "), item);
      }
    }
    if (!isDefined) for (const term of terms) this.#builder.add("list-item", term);
  }

  /** Undefined for what is more than a term: a heading, or a text. */
  #termOf(element: HtmlElement): string | undefined {
    const term = textInOneLine(element, this.#visibility);
    return this.#visibility.measures.of(element).headings > 0 || term.length > LONGEST_TERM
      ? undefined
      : term;
  }

  #definition(element: HtmlElement, term: string, item: Context): void {
    const isPlain = !element.childNodes.some(
      (child) => isElement(child) && /^(?:ul|ol|dl|table|pre|h[1-6])$/.test(child.tagName),
    );
    if (term !== "" && isPlain) this.#prefix = /[?!.:：？]$/u.test(term) ? `${term} ` : `${term}: `;
    else if (term !== "") this.#builder.add("list-item", term);
    this.#nested(element, item);
    this.#prefix = "";
  }

  #table(table: HtmlElement, context: Context): void {
    for (const caption of captionsOf(table)) {
      if (this.#visibility.shows(caption, context.insideContent))
        this.#nested(caption, { kind: "paragraph", insideContent: true });
    }
    addHtmlTable(this.#builder, table, this.#visibility, context.insideContent);
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

/** Terms and definitions may be grouped in `<div>`. */
function* definitionParts(list: HtmlElement): Generator<HtmlElement> {
  for (const child of list.childNodes) {
    if (!isElement(child)) continue;
    if (child.tagName === "div") yield* definitionParts(child);
    else yield child;
  }
}
