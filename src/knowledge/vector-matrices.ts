/** The vectors of the tenants that were searched lately, in memory; the tenants' databases are what they are read from. */
import type { Connection, Reader } from "../db/transaction.ts";
import { machineMemory } from "../memory.ts";
import { type EmbeddingIndex, readVectors, type StoredVector, vectorChanges } from "./embedding-index.ts";
import { mostDims, VectorMatrix } from "./vector-matrix.ts";

interface Kept {
  readonly index: EmbeddingIndex;
  readonly matrix: VectorMatrix;
  /** Up to where the record of changes has been followed. */
  position: number;
  /** What is still to be read; undefined: all is in. */
  rest: Iterator<StoredVector> | undefined;
}

/** For all tenants together: an eighth of the machine's memory, and not less than 300,000 vectors of 384 dimensions. */
const defaultBudget = Math.max(256 * 1024 * 1024, machineMemory() / 8);
/** Two layers of a byte a dimension, and the key. */
const bytesPerVector = (dims: number) => 2 * dims + 80;
/** So many are read at once (about 50 ms); more of them bit by bit between searches, which vec0 answers meanwhile. */
export const readAtOnce = 10_000;
/** Takes 1 to 4 ms, which a search that comes then waits for. */
const readBetween = 256;

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
   * @returns null when they are too many to keep, of more dimensions than can be, or not all read yet
   */
  of(connection: Connection, index: EmbeddingIndex, passages: number): VectorMatrix | null {
    const known = this.#kept.get(connection);
    this.#kept.delete(connection);
    if (index.dims > mostDims || passages * bytesPerVector(index.dims) > this.budget) return null;
    // An index that was dropped may have left its id to another.
    const same = known?.index.id === index.id && known.index.model === index.model;
    const kept = same ? this.#update(connection, index, known) : null;
    const current = kept ?? this.#load(connection, index, passages);
    this.#kept.set(connection, current);
    this.#keepWithinBudget();
    return current.rest === undefined ? current.matrix : null;
  }

  /** Lets go of what belongs to a connection that is closed. */
  forget(connection: Connection): void {
    this.#kept.delete(connection);
  }

  /** While its vectors are still being read, only what has been read so far is brought up to date at the end. */
  #update({ reader }: Connection, index: EmbeddingIndex, kept: Kept): Kept | null {
    if (kept.rest !== undefined) return kept;
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

  #load(connection: Connection, index: EmbeddingIndex, passages: number): Kept {
    const { reader } = connection;
    const { position } = vectorChanges(reader, index, null);
    const rest = this.read(reader, index, null)[Symbol.iterator]();
    const kept: Kept = { index, matrix: new VectorMatrix(index.dims), position, rest };
    if (passages > readAtOnce) setTimeout(() => this.#readOn(connection, kept), 0);
    else while (kept.rest !== undefined) readSome(kept);
    return kept;
  }

  #readOn(connection: Connection, kept: Kept): void {
    // Let go of meanwhile: the connection may be closed.
    if (this.#kept.get(connection) !== kept) return;
    try {
      readSome(kept);
    } catch {
      // The index was dropped in the middle: the next search begins anew.
      this.#kept.delete(connection);
      return;
    }
    this.#keepWithinBudget();
    if (kept.rest !== undefined) setTimeout(() => this.#readOn(connection, kept), 0);
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

function readSome(kept: Kept): void {
  for (let count = 0; count < readBetween; count += 1) {
    const next = kept.rest?.next();
    if (next === undefined || next.done === true) {
      kept.rest = undefined;
      return;
    }
    kept.matrix.set(next.value.key, next.value.vector);
  }
}
