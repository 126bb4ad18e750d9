import { type Block, type BlockKind, LoadError, type LoadedDocument } from "./loader.ts";
import { normaliseLine, normaliseProse, normaliseVerbatim } from "./text-normal.ts";

/** More text than this is no document that answers customers; it is a database dump or an attack. */
export const MAX_CHARACTERS = 20_000_000;
/** Every block costs memory in the index; a file of a million one-letter lines is not worth it. */
export const MAX_BLOCKS = 500_000;

export interface BlockPlace {
  readonly level?: number;
  readonly page?: number;
}

/**
 * Collects blocks in reading order and joins them to one text, so that every block stands in the text at its
 * `start` by construction. Cleans each block's text; blocks that hold nothing visible are left out.
 */
export class DocumentBuilder {
  readonly #blocks: Block[] = [];
  readonly #parts: string[] = [];
  #length = 0;
  #firstHeading: string | undefined;

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  add(kind: BlockKind, raw: string, place: BlockPlace = {}): void {
    if (raw.length > MAX_CHARACTERS) throw tooMuchText();
    const text = normalise(kind, raw);
    if (text === "" || (kind !== "code" && !/[\p{L}\p{N}\p{S}]/u.test(text))) return;
    const separator = this.#separatorBefore(kind);
    const start = this.#length + separator.length;
    this.#parts.push(separator, text);
    this.#length = start + text.length;
    this.#blocks.push({ kind, text, start, ...place });
    if (kind === "heading") this.#firstHeading ??= text;
    if (this.#length > MAX_CHARACTERS || this.#blocks.length > MAX_BLOCKS) throw tooMuchText();
  }

  /**
   * @param about title found in the file's own metadata (the first heading stands in for it, unless the title is false)
   * and page count.
   */
  build(
    about: { readonly title?: string | false | undefined; readonly pages?: number } = {},
  ): LoadedDocument {
    const title = about.title !== false && (normaliseLine(about.title ?? "") || this.#firstHeading);
    return {
      ...(title ? { title: title.slice(0, 300).toWellFormed() } : {}),
      text: this.#parts.join(""),
      blocks: this.#blocks,
      ...(about.pages === undefined ? {} : { pages: about.pages }),
    };
  }

  #separatorBefore(kind: BlockKind): string {
    const previous = this.#blocks.at(-1)?.kind;
    if (previous === undefined) return "";
    return previous === kind && (kind === "list-item" || kind === "table-row") ? "\n" : "\n\n";
  }
}

function normalise(kind: BlockKind, raw: string): string {
  if (kind === "code") return normaliseVerbatim(raw);
  return kind === "paragraph" || kind === "list-item" ? normaliseProse(raw) : normaliseLine(raw);
}

function tooMuchText(): LoadError {
  return new LoadError(
    "too_large_inside",
    "This file holds more text than can be read at once. Split it into several smaller files and upload those.",
  );
}
