/** The vector tables of a tenant: one active, and while the model is being changed one that is built beside it. */
import type { Reader, Writer } from "../db/transaction.ts";

export interface EmbeddingIndex {
  readonly id: number;
  readonly model: string;
  readonly dims: number;
}

interface Row extends Record<string, unknown> {
  readonly id: number;
  readonly model: string;
  readonly dims: number;
}

/** Name of the index's vec0 table. The id is a row id of our own, never text from outside. */
export function vectorTable(index: EmbeddingIndex): string {
  return `vectors_${Math.trunc(index.id)}`;
}

export function activeIndex(reader: Reader): EmbeddingIndex | null {
  return reader.get<Row>("SELECT id, model, dims FROM embedding_indexes WHERE state = 'active'") ?? null;
}

/** Makes the first index of a tenant. Only when there is none. */
export function createIndex(
  writer: Writer,
  model: string,
  dims: number,
  state: "active" | "building",
): EmbeddingIndex {
  const { lastInsertRowid } = writer.run(
    "INSERT INTO embedding_indexes (model, dims, state, created_at) VALUES (?, ?, ?, ?)",
    model,
    dims,
    state,
    Date.now(),
  );
  const index = { id: Number(lastInsertRowid), model, dims };
  writer.run(
    `CREATE VIRTUAL TABLE ${vectorTable(index)} USING vec0 (embedding float[${Math.trunc(dims)}] distance_metric=cosine)`,
  );
  return index;
}

/** Bytes of a vector as sqlite-vec takes them. */
export function vectorBytes(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** Removes vectors, overwriting them first: vec0 only marks a deleted place as free. */
export function removeVectors(writer: Writer, index: EmbeddingIndex, keys: readonly number[]): void {
  const table = vectorTable(index);
  const zeros = vectorBytes(new Float32Array(index.dims));
  for (const key of keys) {
    writer.run(`UPDATE ${table} SET embedding = ? WHERE rowid = ?`, zeros, BigInt(key));
    writer.run(`DELETE FROM ${table} WHERE rowid = ?`, BigInt(key));
  }
}
