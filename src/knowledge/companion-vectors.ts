/** Vectors of sentences by the companion of the embedding model: packed as in `sentence-vectors.ts`. */
import type { Reader, Writer } from "../db/transaction.ts";

/** The packed vectors of those passages that have them. */
export function readCompanionVectors(
  reader: Reader,
  model: string,
  keys: readonly number[],
): Map<number, Uint8Array> {
  const rows = reader.all<{ key: number; vectors: Uint8Array }>(
    `SELECT key, vectors FROM companion_vectors
     WHERE key IN (SELECT value FROM json_each(?)) AND model = ?`,
    JSON.stringify(keys),
    model,
  );
  return new Map(rows.map((row) => [row.key, row.vectors]));
}

/** Whether there are any. */
export function hasCompanionVectors(reader: Reader, model: string): boolean {
  return reader.get("SELECT 1 FROM companion_vectors WHERE model = ? LIMIT 1", model) !== undefined;
}

/** Stores them, if the passage is still there and under the title that they were made with. */
export function writeCompanionVectors(
  writer: Writer,
  model: string,
  { key, context }: { readonly key: number; readonly context: string },
  vectors: Uint8Array,
): void {
  writer.run(
    `INSERT OR REPLACE INTO companion_vectors (key, model, vectors)
     SELECT key, ?, ? FROM chunks WHERE key = ? AND context = ?`,
    model,
    vectors,
    key,
    context,
  );
}

/** Passages after `from` in this language that have a vector but none of their sentences by this model. */
export function withoutCompanionVectors(
  reader: Reader,
  { model, language, from }: { readonly model: string; readonly language: string; readonly from: number },
  limit: number,
): { key: number; context: string; title: string; heading: string | null; text: string }[] {
  return reader
    .all<{ key: number; context: string; heading: string | null; text: string }>(
      `SELECT chunks.key AS key, context, heading, text FROM chunks JOIN documents ON documents.id = document_id
       WHERE chunks.key > ? AND embedded_at IS NOT NULL AND language = ?
         AND NOT EXISTS (SELECT 1 FROM companion_vectors AS made WHERE made.key = chunks.key AND made.model = ?)
       ORDER BY chunks.key LIMIT ?`,
      from,
      language,
      model,
      limit,
    )
    .map((row) => ({ ...row, title: spokenTitle(row.context) }));
}

/** The document's title, as it was when its passages were cut: "price-list_2026" as words. */
function spokenTitle(context: string): string {
  const title = context.split(" › ")[0] ?? "";
  return title.includes(" ") ? title : title.replace(/[-_]+/g, " ").trim();
}
