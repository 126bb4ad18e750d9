import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A page that is one picture, as scanners make them; with `text` it is an ordinary page instead. */
export interface ScanSpec {
  /** Of `scans/`: pages of our own, drawn askew and a little blurred. Left out: a blank sheet. */
  readonly jpeg?: "bakery.jpg" | "garden.jpg";
  /** How the picture is drawn: the PDF matrix that takes the unit square to the page. Default: it fills the page. */
  readonly matrix?: string;
  /** Degrees by which the page is turned when it is shown. */
  readonly rotate?: number;
  readonly text?: string;
  /** The picture is said to be of JPEG 2000, which it is not. */
  readonly broken?: boolean;
}

export const scanWidth = 1654;
export const scanHeight = 2338;

/** A PDF with these pages, without a cross-reference table: readers rebuild it. */
export function scanPdf(pages: readonly ScanSpec[]): Uint8Array {
  const parts: (string | Uint8Array)[] = [
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
    `2 0 obj<</Type/Pages/Kids[${pages.map((_, at) => `${10 + at * 3} 0 R`).join(" ")}]/Count ${pages.length}>>endobj\n`,
    "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n",
  ];
  for (const [at, page] of pages.entries()) parts.push(...pageObjects(10 + at * 3, page));
  return Buffer.concat([...parts, "trailer<</Root 1 0 R>>\n%%EOF"].map((part) => Buffer.from(part)));
}

function pageObjects(
  number: number,
  { jpeg, matrix, rotate = 0, text, broken = false }: ScanSpec,
): (string | Uint8Array)[] {
  const content =
    text === undefined
      ? `q ${matrix ?? "595 0 0 842 0 0"} cm /Im Do Q`
      : `BT /F1 12 Tf 72 700 Td (${text}) Tj ET`;
  const picture = jpeg === undefined ? blank() : readFileSync(join(import.meta.dir, "scans", jpeg));
  const filter = jpeg === undefined ? "" : `/Filter/${broken ? "JPXDecode" : "DCTDecode"}`;
  const size = jpeg === undefined ? "/Width 400/Height 400" : `/Width ${scanWidth}/Height ${scanHeight}`;
  return [
    `${number} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate ${rotate}/Resources<</Font<</F1 3 0 R>>/XObject<</Im ${number + 2} 0 R>>>>/Contents ${number + 1} 0 R>>endobj\n`,
    `${number + 1} 0 obj<</Length ${content.length}>>stream\n${content}\nendstream endobj\n`,
    `${number + 2} 0 obj<</Type/XObject/Subtype/Image${size}/ColorSpace/DeviceGray/BitsPerComponent 8${filter}/Length ${picture.length}>>stream\n`,
    picture,
    "\nendstream endobj\n",
  ];
}

function blank(): Uint8Array {
  return new Uint8Array(400 * 400).fill(250);
}
