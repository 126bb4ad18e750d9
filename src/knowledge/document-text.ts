/** A part of a document's plain text, the one that the offsets of its passages count in. */
import { createReadStream } from "node:fs";

export interface TextSlice {
  /** Offset of the first letter, UTF-16 code units. */
  readonly from: number;
  readonly text: string;
  /** Where the next slice begins; null: this is the end. */
  readonly next: number | null;
}

const pieceBytes = 256 * 1024;

/**
 * Reads `length` code units from `from` on. A letter of two code units is never cut in half: the slice then begins or
 * ends one earlier. The file is read in pieces, so that a large one takes neither memory nor the main thread.
 * @returns null when there is no text yet
 */
export async function readTextSlice(path: string, from: number, length: number): Promise<TextSlice | null> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parts: string[] = [];
  /** Offset at which `parts` begins, one before what is asked for: it may be half of a letter. */
  const begin = Math.max(0, from - 1);
  let passed = 0;
  let kept = 0;
  const keep = (text: string) => {
    const skipped = Math.max(0, Math.min(text.length, begin - passed));
    // One more than asked for says whether there is more.
    const part = text.slice(skipped, skipped + Math.max(0, from - begin + length + 1 - kept));
    passed += text.length;
    kept += part.length;
    if (part !== "") parts.push(part);
  };
  try {
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
      keep(decoder.decode(piece, { stream: true }));
      if (kept > from - begin + length) break;
    }
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  keep(decoder.decode());
  return sliceOf(parts.join(""), begin, from, length);
}

function sliceOf(text: string, begin: number, from: number, length: number): TextSlice {
  const start = from > begin && isLow(text, from - begin) ? from - 1 : from;
  let end = from - begin + length;
  if (isLow(text, end)) end -= 1;
  return {
    from: start,
    text: text.slice(start - begin, end),
    next: text.length > end ? begin + end : null,
  };
}

/** Whether a letter of two code units has its second one there. */
function isLow(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
