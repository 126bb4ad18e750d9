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

/**
 * Has the next passages of a document searched by its title as it is now. Their vectors stay, but for those of sentences
 * that were read under the title before. Postings in memory learn of the new title only when they are read anew: what
 * that costs is one word of many, in a field of little weight.
 *
 * @param from key after which to begin
 * @returns the last key; null: there are none
 */
export function retitlePassages(
  writer: Writer,
  documentId: string,
  from: number,
  limit: number,
): number | null {
  const rows = writer.all<{ key: number; heading: string | null; title: string; language: string | null }>(
    `SELECT key, heading, title, language FROM chunks JOIN documents ON documents.id = document_id
     WHERE document_id = ? AND chunks.key > ? ORDER BY chunks.key LIMIT ?`,
    documentId,
    from,
    limit,
  );
  for (const { key, heading, title, language } of rows) {
    const context = contextOf(title, heading?.split(separator) ?? [], language);
    writer.run("UPDATE chunks SET context = ? WHERE key = ?", context, key);
    writer.run("DELETE FROM companion_vectors WHERE key = ?", key);
  }
  return rows.at(-1)?.key ?? null;
}

const separator = " › ";

/** What stands above a passage: the title of its document and its headings. */
function contextOf(title: string, headings: readonly string[], language: string | null): string {
  const context = [title, ...headings.filter((heading) => heading !== title)];
  return indexedText(context.join(separator).slice(0, 400), language);
}

function headingOf(headings: readonly string[]): string | null {
  return headings.length === 0 ? null : headings.join(separator);
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
  const { lastInsertRowid } = writer.run(
    `INSERT INTO chunks (id, document_id, position, context, text, words, heading, page, start_offset, end_offset, tokens, content_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    (position === 0 ? draft.firstId : undefined) ?? Bun.randomUUIDv7(),
    documentId,
    position,
    contextOf(draft.title, chunk.headings, draft.language),
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
