/** Writing the passages of a document that was cut. */
import type { Writer } from "../db/transaction.ts";
import type { ChunkDraft } from "./chunker.ts";
import { removeVectors } from "./embedding-index.ts";
import { withLetterPairs } from "./letter-pairs.ts";

export interface PassageDraft {
  readonly title: string;
  readonly chunks: readonly ChunkDraft[];
  /** Of the first passage; made here when left out. */
  readonly firstId?: string;
}

/** Puts the passages in the place of those that the document has, with their words. @returns their keys, in order */
export function replacePassages(writer: Writer, documentId: string, draft: PassageDraft): number[] {
  const old = writer.all<{ key: number }>("SELECT key FROM chunks WHERE document_id = ?", documentId);
  removeVectors(
    writer,
    old.map((row) => row.key),
  );
  writer.run("DELETE FROM chunks WHERE document_id = ?", documentId);
  const keys = draft.chunks.map((chunk, position) => {
    const words = withLetterPairs(chunk.text);
    const id = (position === 0 ? draft.firstId : undefined) ?? Bun.randomUUIDv7();
    const { lastInsertRowid } = writer.run(
      `INSERT INTO chunks (id, document_id, position, context, text, words, heading, page, start_offset, end_offset, tokens)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      documentId,
      position,
      [draft.title, ...chunk.headings.filter((heading) => heading !== draft.title)].join(" › ").slice(0, 400),
      chunk.text,
      words === chunk.text ? null : words,
      chunk.headings.length === 0 ? null : chunk.headings.join(" › "),
      chunk.page ?? null,
      chunk.start,
      chunk.end,
      chunk.tokens,
    );
    return Number(lastInsertRowid);
  });
  writer.run(
    "UPDATE documents SET chunks = ?, embedded = 0, updated_at = ? WHERE id = ?",
    draft.chunks.length,
    Date.now(),
    documentId,
  );
  return keys;
}
