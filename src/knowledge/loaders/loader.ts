import type { Nesting } from "./nesting.ts";

/**
 * The one interface of a file format. A loader turns the bytes of an original into plain text with a light
 * structure. Loaders run only inside the parsing child process: they may be slow, they may throw, and a hostile
 * file that makes them hang or grow kills that process and nothing else.
 */

/** What a run of text is. The chunker never splits inside a block while it can avoid it. */
export type BlockKind = "heading" | "paragraph" | "list-item" | "table-row" | "code";

export interface Block {
  readonly kind: BlockKind;
  /** Plain text of the block. It stands word for word in `LoadedDocument.text` at `start`. Never empty. */
  readonly text: string;
  /** Offset of `text` in `LoadedDocument.text`, in UTF-16 code units. */
  readonly start: number;
  /** 1..6 for headings. */
  readonly level?: number;
  /** 1-based page, for formats that have pages. */
  readonly page?: number;
}

export interface LoadedDocument {
  /** Title found in the file itself (metadata or first heading), if any. */
  readonly title?: string;
  /** The whole plain text: the texts of all blocks in reading order, joined by "\n\n" ("\n" between list items and table rows). */
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Number of pages, for formats that have pages. */
  readonly pages?: number;
  /** What was left out although the rest could be read, in a sentence for the owner ("2 of 9 files could not…"). */
  readonly note?: string;
}

/** Formats that are recognised by their content. Only some have a loader today. */
export type FileFormat =
  | "txt"
  | "markdown"
  | "html"
  | "pdf"
  | "docx"
  | "doc"
  | "ppt"
  | "pptx"
  | "xls"
  | "xlsx"
  | "odt"
  | "ods"
  | "odp"
  | "rtf"
  | "epub"
  | "csv"
  | "json"
  | "xml"
  | "eml"
  | "zip"
  | "image"
  | "binary";

/** What a file is, as far as its content tells. */
export interface DetectedFile {
  readonly format: FileFormat;
  readonly mediaType: string;
  /** Set when the whole file is encrypted and a password is needed even to see what it holds. */
  readonly encrypted?: true;
}

/** Why a file could not be read. The codes are public (document.error.code); the sentences are for the owner. */
export type LoadErrorCode =
  | "empty_file"
  | "not_supported_yet"
  | "unknown_format"
  | "encrypted"
  | "damaged"
  | "no_text"
  | "too_large_inside"
  | "too_deep"
  | "timed_out"
  | "out_of_memory"
  | "parser_crashed"
  | "storage_full";

/** Said whenever the disk of the server is full while a document is read or indexed. */
export const storageFullMessage =
  "The disk of this server was full while the document was indexed. Nothing of it is searchable. Make room and try again.";

export class LoadError extends Error {
  override readonly name = "LoadError";
  constructor(
    readonly code: LoadErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export interface Loader {
  readonly format: FileFormat;
  /**
   * @param nesting reads the files inside this one, within the limits of the whole upload
   * @throws LoadError with a sentence that the owner of the file understands.
   */
  load(bytes: Uint8Array, fileName: string, nesting: Nesting): Promise<LoadedDocument>;
}
