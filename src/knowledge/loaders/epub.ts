import { decodeText } from "./charset.ts";
import { DocumentBuilder } from "./document-builder.ts";
import { readEpubBook } from "./epub-package.ts";
import { loadHtmlFragment } from "./html.ts";
import type { Loader } from "./loader.ts";
import { OfficePackage } from "./office-package.ts";
import { xhtmlAsHtml } from "./xhtml.ts";

/** E-books (.epub): the chapters in reading order, without the table of contents. */
export const epubLoader: Loader = {
  format: "epub",
  async load(bytes) {
    const source = new OfficePackage(bytes, { name: "e-book", program: "the program that made it" });
    const book = readEpubBook(source);
    for (const parts of [book.chapters, book.contents]) {
      const builder = new DocumentBuilder();
      for (const part of parts) addChapter(builder, source, part);
      if (!builder.isEmpty) return builder.build({ title: givenTitle(book.title) });
    }
    throw source.noText();
  },
};

function addChapter(builder: DocumentBuilder, source: OfficePackage, part: string): void {
  const page = decodeText(source.read(part) ?? new Uint8Array())?.text;
  if (page === undefined) return;
  for (const { kind, text, level } of loadHtmlFragment(xhtmlAsHtml(page)).blocks)
    builder.add(kind, text, level === undefined ? {} : { level });
}

/** "1984" is a title; programs that make books write this when nobody gave one. */
function givenTitle(title: string | undefined): string | undefined {
  return /^(?:unknown|untitled|unbekannt|sans titre)$/i.test(title ?? "") ? undefined : title;
}
