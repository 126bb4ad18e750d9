import { strToU8, zipSync } from "fflate";

type Parts = Readonly<Record<string, string | Uint8Array>>;

/** A ZIP of these parts, in this order. */
export function packageFile(parts: Parts): Uint8Array {
  const entries = Object.entries(parts).map(([name, part]) => [
    name,
    typeof part === "string" ? strToU8(part) : part,
  ]);
  return zipSync(Object.fromEntries(entries), { level: 6 });
}

const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT_TYPES =
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>';

/** A part with relations: `[id, type, target]`. */
export function relationsXml(relations: readonly (readonly [string, string, string])[]): string {
  const items = relations.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${items.join("")}</Relationships>`;
}

export interface SheetSpec {
  readonly name: string;
  /** Rows, as XML. */
  readonly rows: string;
  readonly state?: string;
  /** XML before and behind the rows. */
  readonly before?: string;
  readonly after?: string;
}

/** A workbook; `more` adds parts or replaces those made here. */
export function xlsxFile(sheets: readonly SheetSpec[], more: Parts = {}): Uint8Array {
  const list = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}" ${state ? `state="${state}" ` : ""}r:id="r${index + 1}"/>`,
  );
  const parts: Record<string, string | Uint8Array> = {
    "[Content_Types].xml": CONTENT_TYPES,
    "_rels/.rels": relationsXml([["r1", "officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheets>${list.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relationsXml(
      sheets.map((_, index) => [`r${index + 1}`, "worksheet", `worksheets/sheet${index + 1}.xml`]),
    ),
  };
  sheets.forEach(({ rows, before = "", after = "" }, index) => {
    parts[`xl/worksheets/sheet${index + 1}.xml`] =
      `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`;
  });
  return packageFile({ ...parts, ...more });
}

/** Rows of inline texts and numbers; null is an empty cell. */
export function sheetRows(rows: readonly (readonly (string | number | null)[])[], firstRow = 1): string {
  return rows
    .map((cells, index) => {
      const xml = cells.map((cell, column) => {
        const reference = `${String.fromCharCode(65 + column)}${firstRow + index}`;
        if (cell === null) return "";
        if (typeof cell === "number") return `<c r="${reference}"><v>${cell}</v></c>`;
        return `<c r="${reference}" t="inlineStr"><is><t>${cell}</t></is></c>`;
      });
      return `<row r="${firstRow + index}">${xml.join("")}</row>`;
    })
    .join("");
}

export const SLIDE_NAMESPACES = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="${OFFICE}"`;

/** A text shape; `placeholder` is the type of its placeholder, if it is one. */
export function slideShape(paragraphs: string, placeholder?: string): string {
  const mark = placeholder === undefined ? "" : `<p:ph type="${placeholder}"/>`;
  return `<p:sp><p:nvSpPr><p:cNvPr id="1" name="s"/><p:cNvSpPr/><p:nvPr>${mark}</p:nvPr></p:nvSpPr><p:txBody><a:bodyPr/>${paragraphs}</p:txBody></p:sp>`;
}

export function slideText(text: string, properties = ""): string {
  return `<a:p>${properties}<a:r><a:t>${text}</a:t></a:r></a:p>`;
}

export function slideXml(shapes: string, attributes = "", root = "p:sld"): string {
  return `<?xml version="1.0"?><${root} ${SLIDE_NAMESPACES} ${attributes}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></${root}>`;
}

/** A presentation whose slides are stored in the order given and shown in the order of `order` (1-based). */
export function pptxFile(slides: readonly string[], more: Parts = {}, order?: readonly number[]): Uint8Array {
  const shown = order ?? slides.map((_, index) => index + 1);
  const list = shown.map((number) => `<p:sldId id="${255 + number}" r:id="r${number}"/>`).join("");
  const parts: Record<string, string | Uint8Array> = {
    "[Content_Types].xml": CONTENT_TYPES,
    "_rels/.rels": relationsXml([["r1", "officeDocument", "/ppt/presentation.xml"]]),
    "ppt/presentation.xml": `<p:presentation ${SLIDE_NAMESPACES}><p:sldIdLst>${list}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relationsXml(
      slides.map((_, index) => [`r${index + 1}`, "slide", `slides/slide${index + 1}.xml`]),
    ),
  };
  slides.forEach((slide, index) => {
    parts[`ppt/slides/slide${index + 1}.xml`] = slide;
  });
  return packageFile({ ...parts, ...more });
}

export const ODF_NAMESPACES = [
  "office", "text", "table", "style", "presentation", "manifest",
].map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .concat(
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"',
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
    'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  )
  .join(" "); // biome-ignore format: a list

/** An OpenDocument file: `body` stands in the office:text, office:spreadsheet or office:presentation. */
export function odfFile(
  kind: "text" | "spreadsheet" | "presentation",
  body: string,
  styles = "",
  more: Parts = {},
): Uint8Array {
  return packageFile({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    "content.xml": `<?xml version="1.0"?><office:document-content ${ODF_NAMESPACES}><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    ...more,
  });
}

/** An e-book of these pages (file name, XHTML); `more` adds parts, such as META-INF/encryption.xml. */
export function epubFile(
  pages: readonly (readonly [name: string, xhtml: string, properties?: string])[],
  metadata = "<dc:title>The book</dc:title>",
  more: Parts = {},
): Uint8Array {
  const manifest = pages.map(
    ([name, , properties], index) =>
      `<item id="p${index}" href="${name}" media-type="application/xhtml+xml"${properties ? ` properties="${properties}"` : ""}/>`,
  );
  const spine = pages.map((_, index) => `<itemref idref="p${index}"/>`);
  return packageFile({
    mimetype: "application/epub+zip",
    "META-INF/container.xml":
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "OPS/book.opf": `<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">${metadata}</metadata><manifest>${manifest.join("")}</manifest><spine>${spine.join("")}</spine></package>`,
    ...Object.fromEntries(pages.map(([name, xhtml]) => [`OPS/${decodeURIComponent(name)}`, xhtml])),
    ...more,
  });
}
