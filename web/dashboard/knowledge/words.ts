import type { DocumentBody } from "../api/types.ts";

const KINDS: Readonly<Record<string, string>> = {
  "application/pdf": "PDF",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "text/html": "Web page",
  "text/markdown": "Markdown",
  "text/plain": "Text",
  "application/rtf": "Rich Text",
  "text/csv": "Table",
  "application/json": "JSON",
  "application/xml": "XML",
  "message/rfc822": "E-mail",
  "application/zip": "Archive",
  "application/gzip": "Archive",
};

/** A word for the format; before a file was read, and when it could not be, the end of its name. */
export function kindOf({
  mediaType,
  source,
  title,
}: Pick<DocumentBody, "mediaType" | "source" | "title">): string {
  if (source === "text") return "Pasted text";
  const type = mediaType.split(";")[0]?.trim() ?? "";
  if (Object.hasOwn(KINDS, type)) return KINDS[type] ?? type;
  const extension = /\.([a-z0-9]{1,5})$/i.exec(title)?.[1];
  if (extension !== undefined) return extension.toUpperCase();
  return type === "application/octet-stream" ? "File" : type;
}

/** Faults of the moment; every other reason lies in the file itself and stays when it is read again. */
const PASSING: ReadonlySet<string> = new Set(["timed_out", "out_of_memory", "parser_crashed", "internal"]);

export function mayWorkAgain(error: DocumentBody["error"]): boolean {
  return error === undefined || PASSING.has(error.code);
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
  if (status === "failed") return { words: "Could not be read", tone: "failed" };
  if (status === "pending") return { words: "Waiting", tone: "waiting" };
  const percent = `${Math.floor(progress * 100)} %`;
  if (searchable === "words" && (status === "processing" || progress < 1)) {
    return { words: `Searchable by words, learning meaning (${percent})`, tone: "working", progress };
  }
  if (status === "processing") return { words: `Reading (${percent})`, tone: "working", progress };
  return { words: searchable === "words" ? "Ready, found by its words" : "Ready", tone: "ready" };
}
