import { asArticle, titleOf, without } from "./data-article.ts";
import {
  type DataMember,
  type DataObject,
  type DataValue,
  flatFields,
  isEmpty,
  isField,
  isList,
  isText,
  joinedFields,
  looksHtml,
} from "./data-values.ts";
import type { DocumentBuilder } from "./document-builder.ts";
import { loadHtmlFragment } from "./html.ts";
import { addTable } from "./table.ts";

/** Makes text of data that people can read and search: records as rows, articles as headings with their text. */
export class DataBlocks {
  readonly #builder: DocumentBuilder;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  /** @param level of the headings to be made for its names, 1 or more */
  add(value: DataValue, level = 1): void {
    if (isText(value)) this.#addLong(value, level);
    else if (isList(value)) this.#addList(value, level);
    else this.addObject(value, level);
  }

  /** One object of a list: an article, a row, or a section of its own. */
  addItem(object: DataObject, level: number): void {
    if (asArticle(object)) {
      this.addObject(object, level);
      return;
    }
    const fields = flatFields(object);
    if (fields) this.#addRow(fields);
    else this.addObject(object, level);
  }

  addObject(object: DataObject, level: number): void {
    const article = asArticle(object);
    if (article) {
      this.#addHeading(article.heading, level);
      this.add(article.body[1], level + 1);
      this.#addRest(article.rest, level + 1);
      return;
    }
    const title = flatFields(object) ? undefined : titleOf(object);
    if (title && isText(title[1])) {
      this.#addHeading(title[1], level);
      this.#addRest(without(object, title), level + 1);
    } else for (const member of object.members) this.#addMember(member, level);
  }

  /** Short members first in one row, then what has a text or members of its own. */
  #addRest(object: DataObject, level: number): void {
    const short: (readonly [string, string])[] = [];
    const long: DataMember[] = [];
    for (const member of object.members) {
      const fields = flatFields({ members: [member] });
      if (fields) short.push(...fields);
      else long.push(member);
    }
    this.#addRow(short);
    for (const member of long) this.#addMember(member, level);
  }

  #addMember([name, value]: DataMember, level: number): void {
    if (isEmpty(value)) return;
    const field = isText(value)
      ? isField(value)
        ? value
        : undefined
      : isList(value)
        ? joinedFields(value)
        : undefined;
    if (field !== undefined) {
      this.#addRow([[name, field]]);
      return;
    }
    this.#addHeading(name, level);
    this.add(value, level + 1);
  }

  #addList(list: readonly DataValue[], level: number): void {
    const rows = list.map((item) => (isList(item) ? item.filter(isText) : []));
    if (list.length > 1 && list.every((item, index) => isList(item) && item.length === rows[index]?.length)) {
      addTable(this.#builder, rows, "detect");
      return;
    }
    for (const item of list) {
      if (isText(item) && isField(item)) this.#builder.add("list-item", item);
      else if (isText(item) || isList(item)) this.add(item, level);
      else this.addItem(item, level);
    }
  }

  #addLong(text: string, level: number): void {
    if (!looksHtml(text)) {
      for (const paragraph of text.replace(/\r\n?/g, "\n").split(/\n[^\S\n]*(?=\n)/)) {
        this.#builder.add("paragraph", paragraph);
      }
      return;
    }
    for (const block of loadHtmlFragment(text).blocks) {
      const place = block.kind === "heading" ? { level: Math.min(6, level + (block.level ?? 1) - 1) } : {};
      this.#builder.add(block.kind, block.text, place);
    }
  }

  #addHeading(text: string, level: number): void {
    this.#builder.add("heading", text, { level: Math.min(6, level) });
  }

  #addRow(fields: readonly (readonly [string, string])[]): void {
    this.#builder.add("table-row", fields.map(([name, value]) => `${name}: ${value}`).join(" | "));
  }
}
