import { getDocumentProxy } from "unpdf";
import { DocumentBuilder } from "./document-builder.ts";
import { LoadError, type LoadedDocument, type Loader } from "./loader.ts";
import { meaningfulTitle } from "./metadata-title.ts";
import type { RecognitionState } from "./nesting.ts";
import { annotationTexts } from "./pdf-annotations.ts";
import { addPages } from "./pdf-blocks.ts";
import { type Bookmarks, bookmarksOf } from "./pdf-bookmarks.ts";
import { elementsOf, type PdfElement } from "./pdf-page.ts";
import { readScans, type TriedScans } from "./pdf-recognition.ts";
import { withoutRunningLines } from "./pdf-running-lines.ts";
import type { PdfTextItem } from "./pdf-runs.ts";
import { holdsPictures, noText, scanNote, scannedPages } from "./pdf-scans.ts";

/** Pictures are not decoded for their own sake: they hold no text, and a small file may claim a huge one. */
const noPictures = 1;
/** Of a picture that text is recognised on: a page of A4 at 400 dots an inch. Its colours take 60 MB, several times. */
const mostPixels = 16_000_000;
const MAX_PAGES = 5_000;
/** What pdf.js leaves behind is given back in time: the process has a limit, and is in no hurry to collect. */
const PAGES_BETWEEN_COLLECTIONS = 100;
/** A file that claims pages which are not there is not searched to the end. */
const MAX_FAILURES_IN_A_ROW = 50;

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** PDF: text by page, with lines joined to paragraphs. Scripts, attachments and forms are never run or opened. */
export const pdfLoader: Loader = {
  format: "pdf",
  async load(bytes, _fileName, { recognition }) {
    const pdf = await open(bytes, noPictures);
    const scans = { recognition, open: () => open(bytes, mostPixels) };
    try {
      return await read(pdf, holdsPictures(bytes) ? scans : null);
    } finally {
      await pdf.loadingTask.destroy();
    }
  },
};

/** How scans are read, where there may be some. */
interface Scans {
  readonly recognition: RecognitionState;
  readonly open: () => Promise<Pdf>;
}

async function open(bytes: Uint8Array, maxImageSize: number): Promise<Pdf> {
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
      maxImageSize,
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

async function read(pdf: Pdf, scans: Scans | null): Promise<LoadedDocument> {
  if (pdf.numPages > MAX_PAGES) {
    const message = `This PDF has more than ${MAX_PAGES.toLocaleString("en")} pages. Split it into smaller files.`;
    throw new LoadError("too_large_inside", message);
  }
  const { pages, failures } = await readPages(pdf);
  const empty = pages.flatMap((elements, index) => (elements.length === 0 ? [index + 1] : []));
  const scanned = scans === null ? [] : await scannedPages(empty, (number) => pdf.getPage(number));
  const tried = scans === null || scanned.length === 0 ? "off" : await triedOn(scanned, scans);
  const recognised = typeof tried === "string" ? undefined : tried.pages;
  const all = pages.map((elements, index) => recognised?.get(index + 1) ?? elements);
  const builder = new DocumentBuilder();
  addPages(builder, withoutRunningLines(all), await outlineOf(pdf));
  if (builder.isEmpty && failures === pdf.numPages) throw openError(undefined);
  if (builder.isEmpty) throw noText(scanned.length > 0, tried);
  const note = scanNote(scanned, tried);
  const document = builder.build({ title: await titleOf(pdf), pages: pdf.numPages });
  return note === undefined ? document : { ...document, note };
}

async function triedOn(scanned: readonly number[], { recognition, open: again }: Scans): Promise<TriedScans> {
  return typeof recognition === "string" ? recognition : readScans(again, scanned, recognition);
}

/** A page that cannot be read is an empty page; the others are still worth having. */
async function readPages(pdf: Pdf): Promise<{ pages: readonly (readonly PdfElement[])[]; failures: number }> {
  const pages: (readonly PdfElement[])[] = [];
  let failures = 0;
  let inARow = 0;
  for (let number = 1; number <= pdf.numPages && inARow < MAX_FAILURES_IN_A_ROW; number++) {
    try {
      pages.push(await readPage(pdf, number));
      if (number % PAGES_BETWEEN_COLLECTIONS === 0) Bun.gc(true);
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

async function readPage(pdf: Pdf, number: number): Promise<readonly PdfElement[]> {
  const page = await pdf.getPage(number);
  const content = await page.getTextContent();
  const items = content.items.filter((item): item is typeof item & PdfTextItem => "str" in item);
  const notes = annotationTexts(await page.getAnnotations().catch(() => []));
  page.cleanup();
  return [...elementsOf(items, page.rotate), ...notes.map((text): PdfElement => ({ kind: "note", text }))];
}

async function outlineOf(pdf: Pdf): Promise<Bookmarks> {
  try {
    return bookmarksOf((await pdf.getOutline()) ?? []);
  } catch {
    return new Map();
  }
}

async function titleOf(pdf: Pdf): Promise<string | undefined> {
  try {
    const { info } = await pdf.getMetadata();
    return "Title" in info ? meaningfulTitle(info.Title) : undefined;
  } catch {
    return undefined;
  }
}
