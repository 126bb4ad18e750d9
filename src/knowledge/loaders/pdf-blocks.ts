import type { DocumentBuilder } from "./document-builder.ts";
import { type Bookmarks, bookmarkKey } from "./pdf-bookmarks.ts";
import type { PdfLine } from "./pdf-lines.ts";
import type { PdfElement } from "./pdf-page.ts";
import {
  continuesSentence,
  joinTexts,
  measure,
  type PdfMeasures,
  type PdfParagraph,
  paragraphsOf,
} from "./pdf-paragraphs.ts";
import { linesIn } from "./pdf-running-lines.ts";
import type { PdfTable } from "./pdf-tables.ts";
import { addTable } from "./table.ts";

type PdfBlock =
  | { readonly page: number; readonly table: PdfTable }
  | { readonly page: number; readonly paragraph: PdfParagraph };

/** Footnotes, captions and tables that may stand between the halves of a sentence. */
const MOST_BETWEEN = 6;
const CAPTION =
  /^(?:Fig(?:ure|\.)?|Table|Tab\.|Abb(?:ildung|\.)?|Tabelle|Tableau|Figura|Tabla|Рис(?:унок|\.)?|Таблица|Algorithm|Listing)\s*\d/i;

/** Adds the text of the pages: paragraphs, headings, list items and the rows of tables, each with its page. */
export function addPages(
  builder: DocumentBuilder,
  pages: readonly (readonly PdfElement[])[],
  bookmarks: Bookmarks,
): void {
  const measures = measure(pages.map(linesIn));
  const blocks = pages.flatMap((elements, index) => blocksOf(elements, index + 1, measures));
  for (const block of whole(blocks, measures)) {
    const { page } = block;
    if ("table" in block) addTable(builder, block.table.rows, block.table.header, { page });
    else {
      const { kind, text, level } = withBookmark(block.paragraph, bookmarks);
      builder.add(kind, text, level === undefined ? { page } : { page, level });
    }
  }
}

/** A short paragraph that is also a bookmark is a heading, whatever its font. */
function withBookmark(paragraph: PdfParagraph, bookmarks: Bookmarks): PdfParagraph {
  const level = paragraph.kind === "heading" ? undefined : bookmarks.get(bookmarkKey(paragraph.text));
  return level === undefined ? paragraph : { ...paragraph, kind: "heading", level };
}

function blocksOf(elements: readonly PdfElement[], page: number, measures: PdfMeasures): readonly PdfBlock[] {
  const blocks: PdfBlock[] = [];
  let lines: PdfLine[] = [];
  const close = (): void => {
    for (const paragraph of paragraphsOf(lines, measures)) blocks.push({ page, paragraph });
    lines = [];
  };
  for (const element of elements) {
    if (element.kind === "line") lines.push(element.line);
    else {
      close();
      blocks.push(
        element.kind === "table"
          ? { page, table: element.table }
          : { page, paragraph: { kind: "paragraph", text: element.text, size: 0 } },
      );
    }
  }
  close();
  return blocks;
}

/** Joins what was one sentence before a page, a footnote or a figure came in between. */
function whole(blocks: readonly PdfBlock[], measures: PdfMeasures): readonly PdfBlock[] {
  const joined: PdfBlock[] = [];
  for (const block of blocks) {
    const at = "table" in block ? -1 : firstHalf(joined, block);
    const half = joined[at];
    if (!half || "table" in half || "table" in block) {
      joined.push(block);
      continue;
    }
    const text = joinTexts(half.paragraph.text, block.paragraph.text, measures);
    joined[at] = { ...half, paragraph: { ...half.paragraph, text } };
  }
  return joined;
}

/** Where the first half of a block's sentence stands; -1 where there is none. */
function firstHalf(
  blocks: readonly PdfBlock[],
  block: PdfBlock & { readonly paragraph: PdfParagraph },
): number {
  const { paragraph, page } = block;
  if (paragraph.kind !== "paragraph") return -1;
  for (let at = blocks.length - 1; at >= Math.max(0, blocks.length - 1 - MOST_BETWEEN); at--) {
    const before = blocks[at];
    if (!before || page - before.page > 1) return -1;
    if (isBetween(before, paragraph)) continue;
    if ("table" in before || before.paragraph.kind === "heading") return -1;
    // What stands right before it on the same page was looked at line by line already.
    const isApart = at < blocks.length - 1 || before.page !== page;
    const isSame = Math.abs(before.paragraph.size - paragraph.size) < 0.5;
    return isApart && isSame && continuesSentence(before.paragraph, paragraph) ? at : -1;
  }
  return -1;
}

function isBetween(block: PdfBlock, paragraph: PdfParagraph): boolean {
  if ("table" in block) return true;
  return block.paragraph.size < paragraph.size * 0.95 || CAPTION.test(block.paragraph.text);
}
