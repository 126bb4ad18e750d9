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

export function buildingIndex(reader: Reader): (EmbeddingIndex & { readonly builtTo: number }) | null {
  return (
    reader.get<Row & { builtTo: number }>(
      "SELECT id, model, dims, built_to AS builtTo FROM embedding_indexes WHERE state = 'building'",
    ) ?? null
  );
}

function allIndexes(reader: Reader): EmbeddingIndex[] {
  return reader.all<Row>("SELECT id, model, dims FROM embedding_indexes");
}

/** Makes an index with its table. At most one is active and one is being built. */
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

/** Removes passages from every index, overwriting their vectors first: vec0 only marks a deleted place as free. */
export function removeVectors(writer: Writer, keys: readonly number[]): void {
  for (const index of allIndexes(writer)) {
    const table = vectorTable(index);
    const zeros = vectorBytes(new Float32Array(index.dims));
    for (const key of keys) {
      writer.run(`UPDATE ${table} SET embedding = ? WHERE rowid = ?`, zeros, BigInt(key));
      writer.run(`DELETE FROM ${table} WHERE rowid = ?`, BigInt(key));
    }
  }
}

export function dropIndex(writer: Writer, index: EmbeddingIndex): void {
  writer.run(`DROP TABLE ${vectorTable(index)}`);
  writer.run("DELETE FROM embedding_indexes WHERE id = ?", index.id);
}

/** Puts the index that was built in the place of the active one. Every passage must be in it. */
export function swapIndexes(writer: Writer): void {
  const built = buildingIndex(writer);
  if (built === null) return;
  const old = activeIndex(writer);
  if (old !== null) dropIndex(writer, old);
  const now = Date.now();
  writer.run("UPDATE embedding_indexes SET state = 'active' WHERE id = ?", built.id);
  writer.run("UPDATE chunks SET embedded_at = ? WHERE embedded_at IS NULL", now);
  writer.run("UPDATE documents SET embedded = chunks, updated_at = ? WHERE embedded < chunks", now);
}
