import { csvLoader } from "./csv.ts";
import { detectFile } from "./detect.ts";
import { docxLoader } from "./docx.ts";
import { emlLoader } from "./eml.ts";
import { epubLoader } from "./epub.ts";
import { htmlLoader } from "./html.ts";
import { jsonLoader } from "./json.ts";
import { type FileFormat, LoadError, type LoadedDocument, type Loader } from "./loader.ts";
import { markdownLoader } from "./markdown.ts";
import { Nesting } from "./nesting.ts";
import { odpLoader } from "./odp.ts";
import { odsLoader } from "./ods.ts";
import { odtLoader } from "./odt.ts";
import { pdfLoader } from "./pdf.ts";
import { pptxLoader } from "./pptx.ts";
import { rtfLoader } from "./rtf.ts";
import { textLoader } from "./text.ts";
import { unsupported } from "./unsupported.ts";
import { xlsxLoader } from "./xlsx.ts";
import { xmlLoader } from "./xml.ts";
import { zipLoader } from "./zip-archive.ts";

/** A document as the parsing child returns it. */
export interface ParsedDocument extends LoadedDocument {
  readonly format: FileFormat;
  readonly mediaType: string;
}

export const loaders: readonly Loader[] = [
  pdfLoader,
  docxLoader,
  pptxLoader,
  xlsxLoader,
  odtLoader,
  odsLoader,
  odpLoader,
  epubLoader,
  htmlLoader,
  markdownLoader,
  textLoader,
  rtfLoader,
  csvLoader,
  jsonLoader,
  xmlLoader,
  emlLoader,
  zipLoader,
];

/**
 * Finds out what the file is and reads it. Runs for as long as the file makes it run: call it in the parsing child.
 *
 * @throws LoadError with a sentence for the owner of the file; "damaged" also stands for whatever a library throws.
 */
export async function loadDocument(
  bytes: Uint8Array,
  fileName: string,
  nesting: Nesting = Nesting.outermost(loadDocument),
): Promise<ParsedDocument> {
  const detected = detectFile(bytes, fileName);
  if (detected.encrypted) {
    throw new LoadError(
      "encrypted",
      "This document is protected with a password. Save a copy without the password and upload that.",
    );
  }
  const loader = loaders.find((candidate) => candidate.format === detected.format);
  if (!loader) throw unsupported(detected.format);
  try {
    const document = await loader.load(bytes, fileName, nesting);
    return { ...document, format: detected.format, mediaType: detected.mediaType };
  } catch (error) {
    throw error instanceof LoadError ? error : unexpected(error);
  }
}

/** Whatever a library throws on a file that it cannot read. */
export function unexpected(cause: unknown): LoadError {
  const message =
    "This file could not be read; it may be damaged. Open it, save it again and upload the new file.";
  return new LoadError("damaged", message, { cause });
}
