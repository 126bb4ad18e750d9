/** The vectors of the tenants that were searched lately, in memory; the tenants' databases are what they are read from. */
import type { Connection } from "../db/transaction.ts";
import type { Reader } from "../db/transaction.ts";
import { type EmbeddingIndex, readVectors, type StoredVector, vectorChanges } from "./embedding-index.ts";
import { mostDims, VectorMatrix } from "./vector-matrix.ts";

interface Kept {
  readonly index: EmbeddingIndex;
  readonly matrix: VectorMatrix;
  position: number;
}

/** For all tenants together: about 300,000 vectors of 384 dimensions. Beyond it the longest unused are let go. */
const defaultBudget = 256 * 1024 * 1024;
/** Two layers of a byte a dimension, and the key. */
const bytesPerVector = (dims: number) => 2 * dims + 80;

export class VectorMatrices {
  /** By connection, so that a database that is opened anew (restored, say) is read anew. The last used is last. */
  readonly #kept = new Map<Connection, Kept>();

  /** @param read the vectors of an index, or those of them with the given keys */
  constructor(
    readonly budget = defaultBudget,
    readonly read: (
      reader: Reader,
      index: EmbeddingIndex,
      keys: readonly number[] | null,
    ) => Iterable<StoredVector> = readVectors,
  ) {}

  /**
   * All vectors of the index as the connection sees them now: call it inside a transaction. Read whole the first
   * time, then only what has changed.
   * @param passages how many there are at most
   * @returns null when they are too many to keep, or of more dimensions than can be
   */
  of(connection: Connection, index: EmbeddingIndex, passages: number): VectorMatrix | null {
    const known = this.#kept.get(connection);
    this.#kept.delete(connection);
    if (index.dims > mostDims || passages * bytesPerVector(index.dims) > this.budget) return null;
    // An index that was dropped may have left its id to another.
    const same = known?.index.id === index.id && known.index.model === index.model;
    const kept = same ? this.#update(connection, index, known) : null;
    const current = kept ?? this.#load(connection, index);
    this.#kept.set(connection, current);
    this.#keepWithinBudget();
    return current.matrix;
  }

  /** Lets go of what belongs to a connection that is closed. */
  forget(connection: Connection): void {
    this.#kept.delete(connection);
  }

  #update({ reader }: Connection, index: EmbeddingIndex, kept: Kept): Kept | null {
    const { position, keys } = vectorChanges(reader, index, kept.position);
    if (keys === null) return null;
    const there = new Set(keys);
    for (const { key, vector } of this.read(reader, index, keys)) {
      kept.matrix.set(key, vector);
      there.delete(key);
    }
    for (const key of there) kept.matrix.delete(key);
    kept.position = position;
    return kept;
  }

  #load({ reader }: Connection, index: EmbeddingIndex): Kept {
    const { position } = vectorChanges(reader, index, null);
    const matrix = new VectorMatrix(index.dims);
    for (const { key, vector } of this.read(reader, index, null)) matrix.set(key, vector);
    return { index, matrix, position };
  }

  #keepWithinBudget(): void {
    let bytes = 0;
    for (const { matrix } of this.#kept.values()) bytes += matrix.bytes;
    for (const [connection, { matrix }] of this.#kept) {
      if (bytes <= this.budget || this.#kept.size === 1) break;
      this.#kept.delete(connection);
      bytes -= matrix.bytes;
    }
  }
}
