import { constants, crc32, deflateRawSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import type { LoadedDocument } from "./loader.ts";

/** Files of our own making for tests: small, and hostile in one chosen way. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The blocks of a document, one in a line: "heading1: Returns". */
export function outline(document: LoadedDocument): string[] {
  return document.blocks.map((block) => `${block.kind}${block.level ?? ""}: ${block.text}`);
}

const CONTENT_TYPES =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const RELATIONS =
  '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';

export function wordXml(body: string, prolog = ""): string {
  return `<?xml version="1.0"?>${prolog}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>${body}</w:body></w:document>`;
}

export function wordParagraph(text: string, style?: string): string {
  const properties = style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : "";
  return `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** A Word file whose main part is `document` and that also has the parts in `more`. */
export function docxFile(
  document: string | Uint8Array,
  more: Readonly<Record<string, string | Uint8Array>> = {},
): Uint8Array {
  const parts: Record<string, Uint8Array> = {
    "[Content_Types].xml": strToU8(CONTENT_TYPES),
    "_rels/.rels": strToU8(RELATIONS),
    "word/document.xml": typeof document === "string" ? strToU8(document) : document,
  };
  for (const [name, part] of Object.entries(more))
    parts[name] = typeof part === "string" ? strToU8(part) : part;
  return zipSync(parts, { level: 6 });
}

/** A Word file whose main part inflates to `megabytes` of zeros, with directory entries that claim 10 bytes. */
export function bombDocx(megabytes: number): Uint8Array {
  return bombZip("word/document.xml", megabytes, [["[Content_Types].xml", CONTENT_TYPES]]);
}

/** An archive with an entry that inflates to `megabytes` of zeros and claims 10 bytes, behind the entries `before`. */
export function bombZip(
  name: string,
  megabytes: number,
  before: readonly (readonly [name: string, content: string])[] = [],
): Uint8Array {
  return bombFile(name, new Uint8Array(1024 * 1024), megabytes, Object.fromEntries(before));
}

/**
 * A zip in which `part` inflates to `block` repeated `times`, with a directory entry that claims 10 bytes. Built from
 * one deflated block, so that making it costs nothing.
 */
export function bombFile(
  part: string,
  block: Uint8Array | string,
  times: number,
  more: Readonly<Record<string, string>>,
): Uint8Array {
  const deflated = deflateRawSync(block, { finishFlush: constants.Z_FULL_FLUSH });
  const packed = Buffer.concat([...Array.from({ length: times }, () => deflated), Buffer.from([3, 0])]);
  const others = Object.entries(more).map(([name, text]) => ({
    name,
    packed: deflateRawSync(text),
    crc: crc32(text),
    size: text.length,
  }));
  return zipOf([...others, { name: part, packed, crc: 0, size: 10 }]);
}

interface RawEntry {
  readonly name: string | Uint8Array;
  readonly packed: Uint8Array;
  readonly crc: number;
  readonly size: number;
  readonly encrypted?: boolean;
}

/** A zip whose names are bytes as they are given, without saying how they are encoded. */
export function rawZip(
  entries: readonly {
    readonly name: Uint8Array;
    readonly content: Uint8Array;
    readonly encrypted?: boolean;
  }[],
): Uint8Array {
  return zipOf(
    entries.map(({ content, ...entry }) => ({
      ...entry,
      packed: deflateRawSync(content),
      crc: crc32(content),
      size: content.length,
    })),
  );
}

function zipOf(entries: readonly RawEntry[]): Uint8Array {
  const local: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name: label, packed, crc, size, encrypted } of entries) {
    const name = Buffer.from(label);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(encrypted ? 1 : 0, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const header = [Buffer.from("PK\x03\x04"), common, name, packed];
    local.push(...header);
    directory.push(Buffer.from("PK\x01\x02\x14\0"), common, place, name);
    offset += header.reduce((sum, part) => sum + part.length, 0);
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    8,
  );
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, ...directory, Buffer.from("PK\x05\x06"), end]);
}

/** One line of a page: `size` in points at (`x`, `y`) from the lower left corner, turned by `angle` degrees. */
export interface PdfLineSpec {
  readonly text: string;
  readonly x?: number;
  readonly y: number;
  readonly size?: number;
  readonly bold?: boolean;
  readonly angle?: number;
}

export interface PdfAbout {
  readonly claimedPages?: number;
  readonly title?: string;
  /** Degrees by which every page is turned. */
  readonly rotate?: number;
  /** Pages, from 1, that show a picture over their whole width. */
  readonly scans?: readonly number[];
  /** Dictionaries of annotations on the first page. */
  readonly annotations?: readonly string[];
  readonly bookmarks?: readonly string[];
}

const FIRST_PAGE = 10;
const FIRST_BOOKMARK = 100_000;

/** A PDF with these pages, without a cross-reference table: readers rebuild it. */
export function pdfFile(pages: readonly (readonly PdfLineSpec[])[], about: PdfAbout = {}): Uint8Array {
  const kids = pages.map((_, index) => `${FIRST_PAGE + index * 2} 0 R`).join(" ");
  const bookmarks = about.bookmarks ?? [];
  const objects = [
    `1 0 obj<</Type/Catalog/Pages 2 0 R${bookmarks.length > 0 ? "/Outlines 8 0 R" : ""}>>endobj`,
    `2 0 obj<</Type/Pages/Kids[${kids}]/Count ${about.claimedPages ?? pages.length}>>endobj`,
    "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj",
    `4 0 obj<</Title(${about.title ?? ""})>>endobj`,
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>endobj",
    `8 0 obj<</Type/Outlines/First ${FIRST_BOOKMARK} 0 R>>endobj`,
  ];
  if (about.scans) objects.push(PICTURE);
  bookmarks.forEach((title, index) => {
    const next = index + 1 < bookmarks.length ? `/Next ${FIRST_BOOKMARK + index + 1} 0 R` : "";
    objects.push(`${FIRST_BOOKMARK + index} 0 obj<</Title(${title})/Parent 8 0 R${next}>>endobj`);
  });
  pages.forEach((lines, index) => {
    const page = FIRST_PAGE + index * 2;
    const isScan = about.scans?.includes(index + 1) ?? false;
    const content = `${isScan ? "q 612 0 0 792 0 0 cm /Im Do Q\n" : ""}${lines.map(painted).join("\n")}`;
    const annotations = index === 0 && about.annotations ? `/Annots[${about.annotations.join(" ")}]` : "";
    const resources = `<</Font<</F1 3 0 R/F2 5 0 R>>${isScan ? "/XObject<</Im 6 0 R>>" : ""}>>`;
    objects.push(
      `${page} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Rotate ${about.rotate ?? 0}${annotations}/Resources${resources}/Contents ${page + 1} 0 R>>endobj`,
      `${page + 1} 0 obj<</Length ${content.length}>>stream\n${content}\nendstream endobj`,
    );
  });
  return bytesOf(`%PDF-1.4\n${objects.join("\n")}\ntrailer<</Root 1 0 R/Info 4 0 R>>\n%%EOF`);
}

const PICTURE =
  "6 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nx\nendstream endobj";

function painted({ text, x = 72, y, size = 12, bold = false, angle = 0 }: PdfLineSpec): string {
  const cos = Math.cos((angle * Math.PI) / 180).toFixed(4);
  const sin = Math.sin((angle * Math.PI) / 180);
  const matrix = `${cos} ${sin.toFixed(4)} ${(-sin).toFixed(4)} ${cos} ${x} ${y}`;
  return `BT /${bold ? "F2" : "F1"} ${size} Tf ${matrix} Tm (${text}) Tj ET`;
}
