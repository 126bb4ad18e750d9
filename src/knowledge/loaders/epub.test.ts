import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import type { LoadedDocument } from "./loader.ts";
import { epubFile, packageFile } from "./office-files.fixture.ts";

function linesOf(document: LoadedDocument): string[] {
  return document.blocks.map(({ kind, level, text }) => `${kind}${level ?? ""}: ${text}`);
}

const page = (body: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${body}</body></html>`;

test("chapters stand in reading order, without the table of contents", async () => {
  const file = epubFile([
    ["nav.xhtml", page("<nav><ol><li>Chapter 1</li></ol></nav>"), "nav"],
    ["text/two%20b.xhtml", page('<h1>Second</h1><a id="x"/><p>It <i/>ends.</p>')],
    ["one.xhtml", page("<h1>First</h1><ul><li>a point</li></ul><p>A &amp; <![CDATA[B < C]]></p>")],
  ]);
  const document = await loadDocument(file, "a.epub");
  expect(linesOf(document)).toEqual([
    "heading1: Second",
    "paragraph: It ends.",
    "heading1: First",
    "list-item: a point",
    "paragraph: A & B < C",
  ]);
  expect(document.title).toBe("The book");
});

test("the main title is taken from several", async () => {
  const metadata =
    '<dc:title id="s">A story</dc:title><dc:title id="m">The Inheritors</dc:title><meta refines="#m" property="title-type">main</meta>';
  const file = epubFile([["a.xhtml", page("<p>Text</p>")]], metadata);
  expect((await loadDocument(file, "a.epub")).title).toBe("The Inheritors");
});

test("pages whose tags have a prefix, and books without a reading order, are read", async () => {
  const prefixed =
    '<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:body><h:h2>Hours</h:h2><h:p>Nine to five</h:p></h:body></h:html>';
  const lost = packageFile({
    mimetype: "application/epub+zip",
    "META-INF/container.xml": "<container/>",
    "text/10.xhtml": page("<p>ten</p>"),
    "text/9.xhtml": prefixed,
  });
  expect(linesOf(await loadDocument(lost, "a.epub"))).toEqual([
    "heading2: Hours",
    "paragraph: Nine to five",
    "paragraph: ten",
  ]);
});

test("a protected book is refused, one with mixed-up fonts is read", async () => {
  const encryption = (algorithm: string, target: string): string =>
    `<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:EncryptionMethod Algorithm="${algorithm}"/><e:CipherData><e:CipherReference URI="${target}"/></e:CipherData></e:EncryptedData></encryption>`;
  const pages = [["a.xhtml", page("<p>Text</p>")]] as const;
  const drm = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OPS/a.xhtml");
  const locked = epubFile(pages, "", { "META-INF/encryption.xml": drm });
  await expect(loadDocument(locked, "a.epub")).rejects.toMatchObject({ code: "encrypted" });
  const fonts = encryption("http://www.idpf.org/2008/embedding", "OPS/font.otf");
  const open = epubFile(pages, "", { "META-INF/encryption.xml": fonts });
  expect((await loadDocument(open, "a.epub")).text).toBe("Text");
});

test("a book of pictures has no text, and one without pages is damaged", async () => {
  await expect(loadDocument(epubFile([["a.xhtml", page("<img/>")]]), "a.epub")).rejects.toMatchObject({
    code: "no_text",
  });
  await expect(loadDocument(epubFile([]), "a.epub")).rejects.toMatchObject({ code: "damaged" });
});
