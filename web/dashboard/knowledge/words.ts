import type { DocumentBody, DocumentSummary } from "../api/types.ts";
import type { UploadCounts } from "./upload-state.ts";

const OFFICE = "application/vnd.openxmlformats-officedocument";
const OPEN = "application/vnd.oasis.opendocument";
const KINDS: Readonly<Record<string, string>> = {
  "application/pdf": "PDF",
  [`${OFFICE}.wordprocessingml.document`]: "Word",
  [`${OFFICE}.spreadsheetml.sheet`]: "Excel",
  [`${OFFICE}.presentationml.presentation`]: "PowerPoint",
  [`${OPEN}.text`]: "OpenDocument",
  [`${OPEN}.spreadsheet`]: "OpenDocument",
  [`${OPEN}.presentation`]: "OpenDocument",
  "application/epub+zip": "EPUB",
  "application/rtf": "Rich Text",
  "application/json": "JSON",
  "application/xml": "XML",
  "application/zip": "Archive",
  "application/gzip": "Archive",
  "message/rfc822": "E-mail",
  "text/csv": "Table",
  "text/html": "Web page",
  "text/markdown": "Markdown",
  "text/plain": "Text",
};

/** A word for the format; before a file was read, and when it could not be, the end of its name. */
export function kindOf({
  mediaType,
  source,
  title,
}: Pick<DocumentBody, "mediaType" | "source" | "title">): string {
  if (source === "text") return "Pasted text";
  if (source === "qa") return "Q&A";
  if (source === "page") return "Web page";
  const type = mediaType.split(";")[0]?.trim() ?? "";
  if (Object.hasOwn(KINDS, type)) return KINDS[type] ?? type;
  const extension = /\.([a-z0-9]{1,5})$/i.exec(title)?.[1];
  if (extension !== undefined) return extension.toUpperCase();
  return type === "application/octet-stream" ? "File" : type;
}

const ORIGINS: Readonly<Record<DocumentBody["source"], string>> = {
  upload: "An uploaded file",
  text: "Text pasted here",
  qa: "A question and its answer",
  page: "A web page",
};

export function sourceOf({ source }: Pick<DocumentBody, "source">): string {
  return ORIGINS[source];
}

/** Faults of the moment; every other reason lies in the file itself and stays when it is read again. */
const PASSING: ReadonlySet<string> = new Set([
  "timed_out",
  "out_of_memory",
  "parser_crashed",
  "internal",
  "embedding_failed",
  "storage_full",
]);

/** A page may be another one when it is fetched again. */
export function mayWorkAgain({ error, source }: Pick<DocumentBody, "error" | "source">): boolean {
  return error === undefined || source === "page" || PASSING.has(error.code);
}

/** A page that was never fetched has none. */
export function hasOriginal({ checksum }: Pick<DocumentBody, "checksum">): boolean {
  return checksum !== "";
}

export interface DocumentState {
  readonly words: string;
  readonly tone: "waiting" | "working" | "ready" | "failed";
  /** 0..1 while there is something to wait for */
  readonly progress?: number;
}

/** A document's state in the words of its owner. */
export function stateOf(document: DocumentBody): DocumentState {
  const { status, searchable, progress } = document;
  // An earlier version, or what was learnt before something failed, is still answered from.
  if (status === "failed")
    return { words: searchable === "no" ? "Could not be read" : "In use, with a problem", tone: "failed" };
  if (status === "pending") return { words: "Waiting", tone: "waiting" };
  const percent = `${Math.floor(progress * 100)} %`;
  if (searchable === "words" && (status === "processing" || progress < 1)) {
    return { words: `Searchable by words, learning meaning (${percent})`, tone: "working", progress };
  }
  if (status === "processing") return { words: `Reading (${percent})`, tone: "working", progress };
  return { words: searchable === "words" ? "Ready, found by its words" : "Ready", tone: "ready" };
}

export function countOf(n: number, one: string, many: string): string {
  return n === 1 ? `1 ${one}` : `${n.toLocaleString()} ${many}`;
}

/** "312 of 1,000 files arrived · 4 were there already · 2 not added" */
export function uploadCountsInWords(counts: UploadCounts): string {
  const { total, added, known, failed, moving } = counts;
  const files = countOf(total, "file", "files");
  const first =
    moving > 0
      ? `${(total - moving).toLocaleString()} of ${files} done`
      : added > 0
        ? `${countOf(added, "file", "files")} arrived`
        : `${files} looked at`;
  const more = [
    known > 0 && `${known.toLocaleString()} there already`,
    failed > 0 && `${failed.toLocaleString()} not added`,
  ].filter((part) => part !== false);
  return [first, ...more].join(" · ");
}

const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** "German"; a code nobody knows as it is. */
export function languageName(code: string): string {
  try {
    return LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
}

/** "12 documents with 340 passages · 2 being read" */
export function summaryInWords({ documents, passages, byStatus }: DocumentSummary): string {
  const working = byStatus.pending + byStatus.processing;
  const all = countOf(documents, "document", "documents");
  const first = passages === 0 ? all : `${all} with ${countOf(passages, "passage", "passages")}`;
  return working === 0 ? first : `${first} · ${working.toLocaleString()} being read`;
}
