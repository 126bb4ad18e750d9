/** Writing the passages of a document that was cut. */
import type { Writer } from "../db/transaction.ts";
import type { ChunkDraft } from "./chunker.ts";
import { removeVectors } from "./embedding-index.ts";
import { indexedText } from "./index-words.ts";
import { contentHash, KnownVectors } from "./known-vectors.ts";

export interface PassageDraft {
  readonly title: string;
  readonly chunks: readonly ChunkDraft[];
  /** ISO 639-1; null: not known. */
  readonly language: string | null;
  /** Of the first passage; made here when left out. */
  readonly firstId?: string;
}

export interface WrittenPassage {
  readonly key: number;
  /** It reads as one that had its vector, and got that one. */
  readonly embedded: boolean;
}

/**
 * Puts the passages in the place of those that the document has, with their words. What did not change is not embedded
 * again. @returns them, in order
 */
export function replacePassages(writer: Writer, documentId: string, draft: PassageDraft): WrittenPassage[] {
  const hashes = draft.chunks.map(({ headings, text }) => contentHash(headingOf(headings), text));
  const known = new KnownVectors(writer, hashes);
  const old = writer.all<{ key: number }>("SELECT key FROM chunks WHERE document_id = ?", documentId);
  removeVectors(
    writer,
    old.map((row) => row.key),
  );
  writer.run("DELETE FROM chunks WHERE document_id = ?", documentId);
  const written = draft.chunks.map((chunk, position) => {
    const hash = hashes[position] ?? new Uint8Array();
    const key = insertChunk(writer, documentId, position, chunk, draft, hash);
    return { key, embedded: known.give(writer, hash, key) };
  });
  writer.run(
    "UPDATE documents SET chunks = ?, embedded = ?, updated_at = ? WHERE id = ?",
    written.length,
    written.filter((passage) => passage.embedded).length,
    Date.now(),
    documentId,
  );
  return written;
}

function headingOf(headings: readonly string[]): string | null {
  return headings.length === 0 ? null : headings.join(" › ");
}

/** @returns the passage's key */
function insertChunk(
  writer: Writer,
  documentId: string,
  position: number,
  chunk: ChunkDraft,
  draft: PassageDraft,
  hash: Uint8Array,
): number {
  const words = indexedText(chunk.text, draft.language);
  const context = [draft.title, ...chunk.headings.filter((heading) => heading !== draft.title)];
  const { lastInsertRowid } = writer.run(
    `INSERT INTO chunks (id, document_id, position, context, text, words, heading, page, start_offset, end_offset, tokens, content_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    (position === 0 ? draft.firstId : undefined) ?? Bun.randomUUIDv7(),
    documentId,
    position,
    indexedText(context.join(" › ").slice(0, 400), draft.language),
    chunk.text,
    words === chunk.text ? null : words,
    headingOf(chunk.headings),
    chunk.page ?? null,
    chunk.start,
    chunk.end,
    chunk.tokens,
    hash,
  );
  return Number(lastInsertRowid);
}
