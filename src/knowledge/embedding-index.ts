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

/** How much of the index for this model is built, 0..1, by the place of the last passage that is in it. */
export function builtShare(reader: Reader, model: string): number {
  const building = buildingIndex(reader);
  if (building === null || building.model !== model) return 0;
  const ends = reader.get<{ first: number | null; last: number | null }>(
    "SELECT (SELECT min(key) FROM chunks) AS first, (SELECT max(key) FROM chunks) AS last",
  );
  const first = ends?.first ?? 0;
  const last = ends?.last ?? 0;
  return Math.max(0, Math.min(1, (building.builtTo - first + 1) / (last - first + 1)));
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

/** Puts a passage's vector in. */
export function insertVector(writer: Writer, index: EmbeddingIndex, key: number, vector: Float32Array): void {
  writer.run(
    `INSERT INTO ${vectorTable(index)} (rowid, embedding) VALUES (?, ?)`,
    BigInt(key),
    vectorBytes(vector),
  );
  recordChange(writer, index, key);
}

/** Changes that are kept, for whoever has the vectors in memory. */
const keptChanges = 20_000;

function recordChange(writer: Writer, index: EmbeddingIndex, key: number): void {
  const { lastInsertRowid } = writer.run(
    "INSERT INTO vector_changes (index_id, key) VALUES (?, ?)",
    index.id,
    key,
  );
  writer.run("DELETE FROM vector_changes WHERE seq <= ?", Number(lastInsertRowid) - keptChanges);
}

export interface VectorChanges {
  /** Where the next look begins. */
  readonly position: number;
  /** Of the index, since the position that was asked for; null: too many to tell, read all of them. */
  readonly keys: readonly number[] | null;
}

/** What happened to an index's vectors after `position`; null: only where things stand now. */
export function vectorChanges(reader: Reader, index: EmbeddingIndex, position: number | null): VectorChanges {
  const kept = reader.get<{ first: number | null; last: number | null }>(
    // In one look each: asked for together, SQLite reads every row.
    `SELECT (SELECT min(seq) FROM vector_changes) AS first, (SELECT max(seq) FROM vector_changes) AS last`,
  );
  const last = kept?.last ?? 0;
  if (position === null || position > last || position < (kept?.first ?? 1) - 1)
    return { position: last, keys: null };
  if (position === last) return { position, keys: [] };
  const rows = reader.all<{ key: number }>(
    "SELECT DISTINCT key FROM vector_changes WHERE seq > ? AND index_id = ?",
    position,
    index.id,
  );
  return { position: last, keys: rows.map((row) => row.key) };
}

export interface StoredVector {
  readonly key: number;
  /** Good until the next one is taken. */
  readonly vector: Float32Array;
}

/** The vectors with these keys, or all of them; keys without one are left out. */
export function readVectors(
  reader: Reader,
  index: EmbeddingIndex,
  keys: readonly number[] | null,
): Iterable<StoredVector> {
  return keys === null ? allVectors(reader, index) : vectorsOf(reader, index, keys);
}

function* vectorsOf(reader: Reader, index: EmbeddingIndex, keys: readonly number[]): Iterable<StoredVector> {
  const statement = `SELECT embedding FROM ${vectorTable(index)} WHERE rowid = ?`;
  for (const key of keys) {
    const row = reader.get<{ embedding: Uint8Array }>(statement, BigInt(key));
    if (row !== undefined) yield { key, vector: floatsOf(row.embedding) };
  }
}

/**
 * Straight from the tables in which vec0 keeps its vectors, 1,024 of them a row: asking vec0 for one after the other
 * takes five times as long. The layout is that of sqlite-vec 0.1 (pinned); a test compares the two ways.
 */
function* allVectors(reader: Reader, index: EmbeddingIndex): Iterable<StoredVector> {
  const table = vectorTable(index);
  const parts = reader.all<{ id: number; size: number; validity: Uint8Array; rowids: Uint8Array }>(
    `SELECT chunk_id AS id, size, validity, rowids FROM ${table}_chunks ORDER BY chunk_id`,
  );
  for (const { id, size, validity, rowids } of parts) {
    const row = reader.get<{ vectors: Uint8Array }>(
      `SELECT vectors FROM ${table}_vector_chunks00 WHERE rowid = ?`,
      id,
    );
    // Whoever reads over several transactions learns of it from the record of changes.
    if (row === undefined) continue;
    if (row.vectors.byteLength !== size * index.dims * 4)
      throw new Error(`${table} is not laid out as this release of sqlite-vec does it`);
    const all = floatsOf(row.vectors);
    const keys = new DataView(rowids.buffer, rowids.byteOffset, rowids.byteLength);
    for (let place = 0; place < size; place += 1)
      if (((validity[place >> 3] ?? 0) >> (place & 7)) & 1)
        yield {
          key: Number(keys.getBigInt64(place * 8, true)),
          vector: all.subarray(place * index.dims, (place + 1) * index.dims),
        };
  }
}

/** A vector as it was stored; a view of the bytes where they are aligned. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/** Removes passages from every index, overwriting their vectors first: vec0 only marks a deleted place as free. */
export function removeVectors(writer: Writer, keys: readonly number[]): void {
  for (const index of allIndexes(writer)) {
    const table = vectorTable(index);
    const zeros = vectorBytes(new Float32Array(index.dims));
    for (const key of keys) {
      writer.run(`UPDATE ${table} SET embedding = ? WHERE rowid = ?`, zeros, BigInt(key));
      const { changes } = writer.run(`DELETE FROM ${table} WHERE rowid = ?`, BigInt(key));
      if (changes > 0) recordChange(writer, index, key);
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
