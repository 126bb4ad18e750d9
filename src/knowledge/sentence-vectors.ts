/** Vectors of a passage's sentences, packed: for each a float32 scale and 8 bits a dimension. */
import type { Reader, Writer } from "../db/transaction.ts";
import type { EmbeddingIndex } from "./embedding-index.ts";

const scaleBytes = 4;

/** @param vectors of the sentences in their order; null for headings, which have none */
export function packSentenceVectors(
  vectors: readonly (Float32Array | null)[],
  dims: number,
): Uint8Array<ArrayBuffer> {
  const stride = scaleBytes + dims;
  const packed = new Uint8Array(vectors.length * stride);
  const view = new DataView(packed.buffer);
  for (const [index, vector] of vectors.entries()) {
    if (vector === null) continue;
    const peak = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (peak === 0) continue;
    const step = peak / 127;
    view.setFloat32(index * stride, step, true);
    for (const [at, value] of vector.entries())
      view.setInt8(index * stride + scaleBytes + at, Math.round(value / step));
  }
  return packed;
}

/** Cosine of the question with each sentence; null for headings. Both are L2-normalised. */
export function sentenceCosines(packed: Uint8Array, question: Float32Array): (number | null)[] {
  const stride = scaleBytes + question.length;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const bytes = new Int8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: Math.floor(packed.byteLength / stride) }, (_, index) => {
    const scale = view.getFloat32(index * stride, true);
    if (scale === 0) return null;
    const from = index * stride + scaleBytes;
    let sum = 0;
    for (let at = 0; at < question.length; at += 1) sum += (bytes[from + at] ?? 0) * (question[at] ?? 0);
    return sum * scale;
  });
}

/** The packed vectors of those passages that have them. */
export function readSentenceVectors(
  reader: Reader,
  index: EmbeddingIndex,
  keys: readonly number[],
): Map<number, Uint8Array> {
  const rows = reader.all<{ key: number; vectors: Uint8Array }>(
    `SELECT key, vectors FROM sentence_vectors
     WHERE key IN (SELECT value FROM json_each(?)) AND index_id = ?`,
    JSON.stringify(keys),
    index.id,
  );
  return new Map(rows.map((row) => [row.key, row.vectors]));
}

/** Stores them, if the passage is still there. */
export function writeSentenceVectors(
  writer: Writer,
  index: EmbeddingIndex,
  key: number,
  vectors: Uint8Array,
): void {
  writer.run(
    `INSERT OR REPLACE INTO sentence_vectors (key, index_id, vectors)
     SELECT key, ?, ? FROM chunks WHERE key = ?`,
    index.id,
    vectors,
    key,
  );
}

/** Passages after `from` that have a vector but none of their sentences. */
export function withoutSentenceVectors(
  reader: Reader,
  index: EmbeddingIndex,
  from: number,
  limit: number,
): { key: number; heading: string | null; text: string }[] {
  return reader.all(
    `SELECT key, heading, text FROM chunks
     WHERE key > ? AND embedded_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM sentence_vectors AS made WHERE made.key = chunks.key AND made.index_id = ?)
     ORDER BY key LIMIT ?`,
    from,
    index.id,
    limit,
  );
}
