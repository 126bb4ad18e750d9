import { LoadError } from "./loader.ts";
import type { ReadScans, TriedScans } from "./pdf-recognition.ts";

/** A page as far as this file needs it; the rest is pdf.js. */
interface PdfPage {
  getOperatorList(): Promise<{ readonly fnArray: readonly number[] }>;
}

/** Pages looked into; where more have no text, they are taken to be like these. */
const MOST_CHECKED = 60;
/** pdf.js's number of the operation that places what is drawn next. A picture of a page cannot do without it. */
const TRANSFORM = 12;
const MOST_NAMED = 12;

/** Whether a file holds any picture. Their dictionaries are never compressed, so the bytes tell, without decoding one. */
export function holdsPictures(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf("/Image"); at !== -1; at = buffer.indexOf("/Image", at + 6)) {
    if (!/[A-Za-z]/.test(String.fromCharCode(buffer[at + 6] ?? 0))) return true;
  }
  return false;
}

/**
 * Which of the pages without text look like scans rather than blank: something is drawn on them. Pictures are not
 * decoded: pdf.js is told to leave them out, and their place alone is seen.
 *
 * @param empty 1-based numbers of the pages without text
 */
export async function scannedPages(
  empty: readonly number[],
  page: (number: number) => Promise<PdfPage>,
): Promise<readonly number[]> {
  const checked = empty.slice(0, MOST_CHECKED);
  const scanned: number[] = [];
  for (const number of checked) if (await isDrawn(number, page)) scanned.push(number);
  const rest = scanned.length > checked.length / 2 ? empty.slice(MOST_CHECKED) : [];
  return [...scanned, ...rest];
}

async function isDrawn(number: number, page: (number: number) => Promise<PdfPage>): Promise<boolean> {
  try {
    const { fnArray } = await (await page(number)).getOperatorList();
    return fnArray.includes(TRANSFORM);
  } catch {
    return false;
  }
}

/** For the owner, of a document whose other pages could be read. */
export function scanNote(scans: readonly number[], tried: TriedScans): string | undefined {
  if (scans.length === 0) return undefined;
  if (typeof tried !== "string") return tried.isBroken ? brokenNote(scans) : readNote(scans, tried);
  const one = scans.length === 1;
  const why =
    tried === "off"
      ? "Run text recognition (OCR) on the file and upload it again."
      : "Text recognition needed more time or memory than one file may use: split the file and upload its parts.";
  return (
    `${named(scans)} ${one ? "looks like a scan" : "look like scans"}: ` +
    `${one ? "it holds" : "they hold"} a picture but no text, so nothing on ${one ? "it" : "them"} can be found. ${why}`
  );
}

function brokenNote(scans: readonly number[]): string {
  const what = scans.length === 1 ? "looks like a scan" : "look like scans";
  return `${named(scans)} ${what} and could not be read: text recognition does not start on this server. Tell its operator, then try again.`;
}

function readNote(scans: readonly number[], { pages, undecoded, left }: ReadScans): string {
  const read = scans.filter((page) => pages.has(page));
  const empty = scans.filter((page) => !pages.has(page) && !left.includes(page) && !undecoded.includes(page));
  const are = read.length === 1 ? "is a scan" : "are scans";
  return [
    ...(read.length === 0
      ? []
      : [`${named(read)} ${are}: what stands there was recognised (OCR) and may hold mistakes.`]),
    ...(empty.length === 0 ? [] : [`On ${named(empty).toLowerCase()} no text was recognised.`]),
    ...(undecoded.length === 0 ? [] : [`On ${named(undecoded).toLowerCase()} ${cannotBeDecoded}`]),
    ...(left.length === 0
      ? []
      : [
          `For ${named(left).toLowerCase()} recognising text would have taken too long: split the file and upload the rest on its own.`,
        ]),
  ].join(" ");
}

const cannotBeDecoded =
  "the picture is of a kind that cannot be read here (JPEG 2000, or more than 16 million pixels): scan with 200 to 400 dots an inch, as JPEG.";

function named(pages: readonly number[]): string {
  return `${pages.length === 1 ? "Page" : "Pages"} ${listed(rangesOf(pages))}`;
}

/** For the owner, of a document without any text. */
export function noText(isScan: boolean, tried: TriedScans): LoadError {
  if (!isScan)
    return new LoadError(
      "no_text",
      "This PDF holds no text. If you see text in it, that is drawn as shapes: run text recognition (OCR) on it and upload the result.",
    );
  return new LoadError("no_text", `This looks like a scan${whyEmpty(tried)}`);
}

function whyEmpty(tried: TriedScans): string {
  if (tried === "off")
    return ": it holds pictures of pages but no text. Run text recognition (OCR) on it and upload the result, or ask the operator of this server to turn text recognition on.";
  if (tried === "gave-up")
    return ", and recognising its text needs more time or memory than one file may use. Split it and upload its parts.";
  if (tried.isBroken)
    return ", and it can be read when the operator of this server has mended text recognition, which does not start.";
  if (tried.left.length > 0)
    return ", and no text was recognised on its first pages; for the rest there was no time. Split it and upload its parts.";
  if (tried.undecoded.length > 0) return `: ${cannotBeDecoded}`;
  return ", and no text could be recognised on it. Scan it with 200 to 400 dots an inch and upload it again.";
}

/** "3", "5–9" */
function rangesOf(pages: readonly number[]): string[] {
  const ranges: { first: number; last: number }[] = [];
  for (const page of pages) {
    const range = ranges.at(-1);
    if (range && page === range.last + 1) range.last = page;
    else ranges.push({ first: page, last: page });
  }
  return ranges.flatMap(({ first, last }) => {
    if (first === last) return [`${first}`];
    return last === first + 1 ? [`${first}`, `${last}`] : [`${first}–${last}`];
  });
}

function listed(items: readonly string[]): string {
  if (items.length > MOST_NAMED) return `${items.slice(0, MOST_NAMED).join(", ")} and others`;
  return items.length === 1 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
