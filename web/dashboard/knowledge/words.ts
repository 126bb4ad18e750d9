import type { DocumentBody } from "../api/types.ts";

const KINDS: Readonly<Record<string, string>> = {
  "application/pdf": "PDF",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "text/html": "Web page",
  "text/markdown": "Markdown",
  "text/plain": "Text",
};

export function kindOf(document: Pick<DocumentBody, "mediaType" | "source">): string {
  if (document.source === "text") return "Pasted text";
  const type = document.mediaType.split(";")[0]?.trim() ?? "";
  return (Object.hasOwn(KINDS, type) ? KINDS[type] : undefined) ?? type;
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
