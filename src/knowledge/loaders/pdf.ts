import { getDocumentProxy } from "unpdf";
import { DocumentBuilder } from "./document-builder.ts";
import { LoadError, type LoadedDocument, type Loader } from "./loader.ts";
import { meaningfulTitle } from "./metadata-title.ts";
import { addPages } from "./pdf-blocks.ts";
import type { PdfTextItem } from "./pdf-fragments.ts";
import { elementsOf, type PdfElement } from "./pdf-page.ts";
import { withoutRunningLines } from "./pdf-running-lines.ts";

export const MAX_PAGES = 5_000;
/** A file that claims pages which are not there is not searched to the end. */
const MAX_FAILURES_IN_A_ROW = 50;

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** PDF: text by page, with lines joined to paragraphs. Scripts, attachments and forms are never run or opened. */
export const pdfLoader: Loader = {
  format: "pdf",
  mediaType: "application/pdf",
  async load(bytes) {
    const pdf = await open(bytes);
    try {
      return await read(pdf);
    } finally {
      await pdf.loadingTask.destroy();
    }
  },
};

async function open(bytes: Uint8Array): Promise<Pdf> {
  try {
    // pdf.js takes the buffer away from its owner and refuses a Node Buffer, hence the copy.
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      isEvalSupported: false,
      enableXfa: false,
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: false,
      stopAtErrors: false,
      disableAutoFetch: true,
      disableStream: true,
    });
  } catch (cause) {
    throw openError(cause);
  }
}

function openError(cause: unknown): LoadError {
  if (cause instanceof Error && cause.name === "PasswordException") {
    const message =
      "This PDF is protected with a password. Save a copy without the password and upload that.";
    return new LoadError("encrypted", message, { cause });
  }
  const message =
    "This PDF is damaged or incomplete. Open it, save or print it to a new PDF and upload that.";
  return new LoadError("damaged", message, { cause });
}

async function read(pdf: Pdf): Promise<LoadedDocument> {
  if (pdf.numPages > MAX_PAGES) {
    const message = `This PDF has more than ${MAX_PAGES.toLocaleString("en")} pages. Split it into smaller files.`;
    throw new LoadError("too_large_inside", message);
  }
  const { pages, failures } = await readPages(pdf);
  const builder = new DocumentBuilder();
  addPages(builder, withoutRunningLines(pages));
  if (builder.isEmpty) throw noText(failures === pdf.numPages);
  return builder.build({ title: await titleOf(pdf), pages: pdf.numPages });
}

/** A page that cannot be read is an empty page; the others are still worth having. */
async function readPages(pdf: Pdf): Promise<{ pages: readonly (readonly PdfElement[])[]; failures: number }> {
  const pages: (readonly PdfElement[])[] = [];
  let failures = 0;
  let inARow = 0;
  for (let number = 1; number <= pdf.numPages && inARow < MAX_FAILURES_IN_A_ROW; number++) {
    try {
      const page = await pdf.getPage(number);
      const content = await page.getTextContent();
      const items = content.items.filter((item): item is typeof item & PdfTextItem => "str" in item);
      pages.push(elementsOf(items, page.rotate));
      page.cleanup();
      inARow = 0;
    } catch (error) {
      if (error instanceof LoadError) throw error;
      pages.push([]);
      failures++;
      inARow++;
    }
  }
  return { pages, failures: inARow >= MAX_FAILURES_IN_A_ROW ? pdf.numPages : failures };
}

async function titleOf(pdf: Pdf): Promise<string | undefined> {
  try {
    const { info } = await pdf.getMetadata();
    return "Title" in info ? meaningfulTitle(info.Title) : undefined;
  } catch {
    return undefined;
  }
}

function noText(everyPageFailed: boolean): LoadError {
  if (everyPageFailed) return openError(undefined);
  return new LoadError(
    "no_text",
    "This PDF holds no text; it looks like a scan or a picture. Recognise its text (OCR) first, or upload a version with real text.",
  );
}
