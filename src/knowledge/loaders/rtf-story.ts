import type { DocumentBuilder } from "./document-builder.ts";
import { RtfTable } from "./rtf-table.ts";

/** What holds for a paragraph until `\pard`. */
export interface ParagraphFormat {
  style: number | undefined;
  /** 0..8; 9 is body text. */
  outline: number | undefined;
  inTable: boolean;
  inList: boolean;
}

export interface RtfStyle {
  readonly name: string;
  readonly outline: number | undefined;
}

export function plainParagraph(): ParagraphFormat {
  return { style: undefined, outline: undefined, inTable: false, inList: false };
}

const HEADING_STYLE =
  /^(?:heading|überschrift|berschrift|titre|título|titolo|titulo|rubrik|overskrift|kop|nagłówek|заголовок|見出し|标题|標題|제목|otsikko)\s*([1-9])$/iu;
const TABLE_OF_CONTENTS = /^(?:toc|verzeichnis|tm|目次)\s*\d$/iu;

/**
 * One flow of paragraphs: the body, or a note that is anchored in it. Paragraphs, tables and list items go to the
 * builder; the notes of a paragraph follow it.
 */
export class RtfStory {
  readonly #builder: DocumentBuilder;
  readonly #styles: ReadonlyMap<number, RtfStyle>;
  readonly #table = new RtfTable();
  readonly #pieces: string[] = [];
  readonly #cell: string[] = [];
  readonly #notes: string[] = [];
  #marker = "";
  format = plainParagraph();

  constructor(builder: DocumentBuilder, styles: ReadonlyMap<number, RtfStyle>) {
    this.#builder = builder;
    this.#styles = styles;
  }

  get table(): RtfTable {
    return this.#table;
  }

  addText(text: string): void {
    this.#pieces.push(text);
  }

  /** The number or bullet that the program put before a list item. */
  addMarker(text: string): void {
    this.#marker += text;
  }

  /** Text that is anchored here and stands elsewhere: a footnote, a text box. */
  addNote(text: string): void {
    if (text.trim() !== "") this.#notes.push(text);
  }

  endParagraph(): void {
    if (this.format.inTable) {
      this.#cell.push(this.#take());
      return;
    }
    this.#table.flush(this.#builder);
    this.#addBlock(this.#take());
    this.#flushNotes();
  }

  endCell(): void {
    this.#cell.push(this.#take());
    this.#table.addCell(this.#cell.filter((part) => part.trim() !== "").join("\n"));
    this.#cell.length = 0;
  }

  /** The end of a row inside a cell: its text belongs to the cell around it. */
  endInnerCell(): void {
    this.#cell.push(this.#take());
  }

  /** The end of the file or of the note. */
  end(): void {
    if (this.#cell.length > 0 || (this.#pieces.length > 0 && this.format.inTable)) this.endCell();
    this.#table.flush(this.#builder);
    this.#addBlock(this.#take());
    this.#flushNotes();
  }

  #take(): string {
    const text = this.#pieces.join("");
    this.#pieces.length = 0;
    const marker = this.#marker.trim();
    if (!this.format.inTable || marker === "") return text;
    this.#marker = "";
    return `${numberOf(marker)}${text}`;
  }

  #addBlock(text: string): void {
    const marker = this.#marker.trim();
    this.#marker = "";
    if (text.trim() === "") return;
    const style = this.format.style === undefined ? undefined : this.#styles.get(this.format.style);
    if (style && TABLE_OF_CONTENTS.test(style.name)) return;
    const level = headingLevel(this.format.outline ?? style?.outline, style?.name ?? "");
    if (level !== undefined) this.#builder.add("heading", `${numberOf(marker)}${text}`, { level });
    else if (marker !== "" || this.format.inList)
      this.#builder.add("list-item", `${numberOf(marker)}${text}`);
    else this.#builder.add("paragraph", text);
  }

  #flushNotes(): void {
    for (const note of this.#notes.splice(0)) this.#builder.add("paragraph", note);
  }
}

function headingLevel(outline: number | undefined, style: string): number | undefined {
  if (outline !== undefined && outline >= 0 && outline <= 8) return Math.min(6, outline + 1);
  const numbered = HEADING_STYLE.exec(style)?.[1];
  if (numbered !== undefined) return Math.min(6, Number(numbered));
  return /^(?:title|titel)$/i.test(style) ? 1 : undefined;
}

/** A bullet says nothing (Word's second one is an "o"); a number is part of the text, because other text refers to it. */
function numberOf(marker: string): string {
  return /\p{N}|\p{L}[.)]/u.test(marker) && marker.length <= 20 ? `${marker} ` : "";
}
