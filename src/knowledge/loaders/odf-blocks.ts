import type { BlockPlace, DocumentBuilder } from "./document-builder.ts";
import { listLabel } from "./list-label.ts";
import type { OdfStyles } from "./odf-styles.ts";
import { OdfTable } from "./odf-table.ts";
import { altTextOf, inlineText, isFloating, isUnread, noteMark } from "./odf-text.ts";
import { addTable } from "./table.ts";
import { childAt, childElements, type XmlAttributes, type XmlElement } from "./xml-reader.ts";

interface ListContext {
  readonly style: string;
  /** From 1. */
  readonly level: number;
}

/** Turns the content of an OpenDocument text, shape or cell into blocks, in reading order. */
export class OdfBlocks {
  readonly #builder: DocumentBuilder;
  readonly #styles: OdfStyles;
  readonly #place: () => BlockPlace;
  /** The last number of each list style and level, for lists that go on after a paragraph. */
  readonly #numbers = new Map<string, number>();
  #label = "";

  constructor(builder: DocumentBuilder, styles: OdfStyles, place: () => BlockPlace = () => ({})) {
    this.#builder = builder;
    this.#styles = styles;
    this.#place = place;
  }

  add(element: XmlElement, list?: ListContext): void {
    const { name } = element;
    if (isUnread(element)) return;
    if (name === "p" || name === "h") this.#paragraph(element, list);
    else if (name === "list") this.#list(element, list);
    else if (name === "table") this.#table(element, list);
    else if (name === "section" && isHiddenSection(element.attributes)) return;
    else if (isFloating(element)) this.#frame(element);
    else this.addAll(element, list);
  }

  addAll(parent: XmlElement, list?: ListContext): void {
    for (const child of childElements(parent)) this.add(child, list);
  }

  #paragraph(element: XmlElement, list: ListContext | undefined): void {
    const asides: XmlElement[] = [];
    const text = inlineText(element, this.#styles, (aside) => asides.push(aside));
    const level = this.#headingLevel(element);
    if (level !== undefined) this.#builder.add("heading", text, { level, ...this.#place() });
    else if (text.trim() !== "") {
      this.#builder.add(list ? "list-item" : "paragraph", this.#label + text.trimStart(), this.#place());
      this.#label = "";
    }
    for (const aside of asides) {
      if (aside.name === "note") this.#note(aside);
      else this.#frame(aside);
    }
  }

  #headingLevel(element: XmlElement): number | undefined {
    const { attributes } = element;
    const level =
      element.name === "h"
        ? Number(attributes.get("outline-level") ?? attributes.get("level") ?? 1)
        : this.#styles.headingLevel(attributes.get("style-name") ?? "");
    return level === undefined ? undefined : Math.min(6, Math.max(1, Math.trunc(level) || 1));
  }

  #note(note: XmlElement): void {
    const body = childAt(note, "note-body");
    if (!body) return;
    this.#label = `${noteMark(note)} `;
    this.addAll(body);
    this.#label = "";
  }

  #list(element: XmlElement, outer: ListContext | undefined): void {
    const level = (outer?.level ?? 0) + 1;
    const style = element.attributes.get("style-name") ?? outer?.style ?? "";
    const numbering = this.#styles.listLevel(style, level);
    const key = `${style}/${level}`;
    const goesOn =
      element.attributes.get("continue-numbering") === "true" || element.attributes.has("continue-list");
    let number = goesOn ? (this.#numbers.get(key) ?? 0) : (numbering?.start ?? 1) - 1;
    for (const item of childElements(element)) {
      if (item.name === "list-item" && numbering) {
        number = Number.parseInt(item.attributes.get("start-value") ?? "", 10) || number + 1;
        this.#label = listLabel(number, numbering.format);
      }
      for (const child of childElements(item)) if (child.name !== "number") this.add(child, { style, level });
      this.#label = "";
    }
    this.#numbers.set(key, number);
  }

  /** A table of one column only places text on the page. */
  #table(element: XmlElement, list: ListContext | undefined): void {
    const asides: XmlElement[] = [];
    const table = new OdfTable(element, (cell) => this.#cellText(cell, asides));
    if (table.width <= 1) {
      for (const cell of table.cells()) this.addAll(cell, list);
      return;
    }
    const rows = table.rows();
    addTable(this.#builder, rows, table.hasHeader ? "yes" : "detect", this.#place());
    for (const aside of asides) if (aside.name === "note") this.#note(aside);
  }

  #cellText(cell: XmlElement, notes: XmlElement[]): string {
    return cellText(cell, this.#styles, (aside) => {
      if (aside.name === "note") notes.push(aside);
    });
  }

  #frame(frame: XmlElement): void {
    if (/^(?:page-number|footer|header|date-time)$/.test(frame.attributes.get("class") ?? "")) return;
    this.#builder.add("paragraph", altTextOf(frame), this.#place());
    this.addAll(frame);
  }
}

export function isHiddenSection(attributes: XmlAttributes): boolean {
  return /^(?:none|condition)$/.test(attributes.get("display") ?? "");
}

/** All paragraphs in a cell, one a line; text in shapes too. */
export function cellText(
  cell: XmlElement,
  styles: OdfStyles,
  aside: (element: XmlElement) => void = () => {},
): string {
  const lines: string[] = [];
  const collect = (element: XmlElement): void => {
    if (isUnread(element)) return;
    if (element.name === "p" || element.name === "h") {
      const floating: XmlElement[] = [];
      lines.push(inlineText(element, styles, (found) => floating.push(found)));
      for (const found of floating) {
        if (isFloating(found)) collect(found);
        else aside(found);
      }
      return;
    }
    if (isFloating(element)) lines.push(altTextOf(element));
    childElements(element).forEach(collect);
  };
  childElements(cell).forEach(collect);
  return lines.filter((line) => line.trim() !== "").join("\n");
}
