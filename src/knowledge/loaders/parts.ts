import { detectFile } from "./detect.ts";
import type { DocumentBuilder } from "./document-builder.ts";
import { LoadError, type LoadErrorCode, type LoadedDocument } from "./loader.ts";
import type { Nesting } from "./nesting.ts";
import { normaliseLine } from "./text-normal.ts";

const MAX_NOTE = 2_000;
const MAX_LABEL = 200;

const REASONS: Readonly<Record<LoadErrorCode, string>> = {
  empty_file: "empty",
  not_supported_yet: "this kind of file cannot be read yet",
  unknown_format: "not clear what kind of file it is",
  encrypted: "protected with a password",
  damaged: "damaged",
  no_text: "holds no text",
  too_large_inside: "holds too much to be read at once",
  too_deep: "nested too deeply",
  timed_out: "takes too long to read",
  out_of_memory: "needs too much memory",
  parser_crashed: "damaged",
  storage_full: "the disk of the server is full",
};

interface Failure {
  readonly label: string;
  readonly code: LoadErrorCode;
  readonly reason: string;
}

/** The files inside a file: those that can be read become sections of one document, the others a note. */
export class Parts {
  readonly #builder: DocumentBuilder;
  readonly #nesting: Nesting;
  readonly #failures: Failure[] = [];
  readonly #notes: string[] = [];
  #read = 0;

  constructor(builder: DocumentBuilder, nesting: Nesting) {
    this.#builder = builder;
    this.#nesting = nesting;
  }

  get read(): number {
    return this.#read;
  }

  get failures(): readonly Failure[] {
    return this.#failures;
  }

  /**
   * Reads one file into a section below a heading that says its name.
   *
   * @param unpack gives the file's bytes; what it throws counts as a failure of this file alone
   * @throws LoadError "too_large_inside" when the whole upload is past its limits
   */
  async add(name: string, unpack: () => Uint8Array): Promise<void> {
    const label = cleanLabel(name);
    const document = await this.#load(label, unpack);
    // Outside of what is caught: a document that has become too large as a whole stays too large.
    if (document) this.#addSection(label, document);
  }

  /** Counts a file that was not even tried. */
  fail(name: string, code: LoadErrorCode, reason = REASONS[code]): void {
    this.#failures.push({ label: cleanLabel(name), code, reason });
  }

  /** What was left out, in sentences of at most 2,000 characters together; undefined when nothing was. */
  note(noun: string): string | undefined {
    const total = this.#read + this.#failures.length;
    const own =
      this.#failures.length === 0
        ? []
        : [
            `${this.#failures.length} of ${total} ${noun} could not be read: ${this.reasons(MAX_NOTE - 200)}.`,
          ];
    const note = [...own, ...this.#notes].join(" ");
    if (note === "") return undefined;
    return note.length <= MAX_NOTE ? note : `${note.slice(0, MAX_NOTE - 1).toWellFormed()}…`;
  }

  /** "photo.jpg (pictures hold no text), …", as many as fit into `limit` characters. */
  reasons(limit: number): string {
    const said: string[] = [];
    let length = 0;
    for (const { label, reason } of this.#failures) {
      const item = `${label} (${reason})`;
      length += item.length + 2;
      if (length > limit) break;
      said.push(item);
    }
    const rest = this.#failures.length - said.length;
    return said.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  }

  async #load(label: string, unpack: () => Uint8Array): Promise<LoadedDocument | undefined> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = unpack();
      return await this.#nesting.load(bytes, label);
    } catch (error) {
      if (this.#nesting.isSpent) throw error;
      const code = error instanceof LoadError ? error.code : "damaged";
      this.fail(label, code, kindReason(bytes, label, code));
      return undefined;
    }
  }

  #addSection(label: string, document: LoadedDocument): void {
    this.#builder.add("heading", label, { level: 1 });
    for (const { kind, text, level, page } of document.blocks) {
      this.#builder.add(kind, text, {
        ...(kind === "heading" ? { level: Math.min(6, (level ?? 1) + 1) } : {}),
        ...(page === undefined ? {} : { page }),
      });
    }
    if (document.note !== undefined) this.#notes.push(`In ${label}: ${document.note}`);
    this.#read++;
  }
}

function kindReason(bytes: Uint8Array | undefined, label: string, code: LoadErrorCode): string {
  if (bytes && (code === "not_supported_yet" || code === "unknown_format")) {
    const { format, mediaType } = detectFile(bytes, label);
    if (format === "image") return "pictures hold no text";
    if (/^(?:audio|video)\//.test(mediaType)) return "sound and video hold no text";
  }
  return REASONS[code];
}

/** Names come from strangers and are labels only: no path is ever made of them. */
function cleanLabel(name: string): string {
  const steps = name
    .replaceAll("\\", "/")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .split("/")
    .map((step) => normaliseLine(step))
    .filter((step) => step !== "" && step !== "." && step !== "..");
  const label = steps.join("/");
  if (label.length <= MAX_LABEL) return label === "" ? "unnamed" : label;
  return `…${label.slice(-MAX_LABEL).toWellFormed()}`;
}
