/**
 * What the common words of a question are worth in each passage. Looking them up takes most of a search's time in a
 * large knowledge base, but they decide nothing by themselves: passages are found by the rare words, and what the common
 * ones add to their BM25 is read once and kept. Measured: docs/decisions/2026-11-26-common-words-kept.md.
 */
import { totalmem } from "node:os";
import type { Connection } from "../db/transaction.ts";
import { bm25Sql } from "./candidates.ts";
import { anyOf, type QueryWord } from "./query-words.ts";
import type { KeywordHit } from "./search-protocol.ts";

interface Kept {
  readonly connection: Connection;
  /** An FTS5 expression. */
  readonly word: string;
  /** How many passages there were when it was begun: the weight of a word depends on it. */
  readonly passages: number;
  /** Of the passages that hold the word, rising; the first `size` count. */
  keys: Uint32Array;
  /** What the word adds there, in thousandths. */
  values: Uint16Array;
  size: number;
  /** Passages up to this key have been read. */
  readTo: number;
}

/** A thirty-second of the machine's memory, for all databases together; a word takes up to 3 bytes a passage. */
const defaultBudget = Math.max(96 * 1024 * 1024, totalmem() / 32);
const bytesPerPassage = Uint32Array.BYTES_PER_ELEMENT + Uint16Array.BYTES_PER_ELEMENT;
const unit = 1_000;
/** Keys looked through at once: .6 to 7 ms, by how common the word is. */
const keysAtOnce = 5_000;
/** Between slices while questions come. */
const pauseMs = 15;
/** In a larger share of the passages a word has hardly any weight, from half of them on none. */
const weightless = 0.47;
/** Read anew when the number of passages has changed by more. */
const tolerance = 0.1;

export class CommonWords {
  /** By database and word; the last used is last. */
  readonly #kept = new Map<string, Kept>();
  /** Words to be read, with the key up to which. */
  readonly #waiting = new Map<string, number>();
  #reading = false;
  #lastAsked = 0;

  /** @param budget bytes */
  constructor(readonly budget = defaultBudget) {}

  /**
   * Adds what these words are worth to the hits' BM25, as far as they are known: a word is read between searches from
   * the first question on that has it. @returns the hits, the best first
   */
  complete(
    connection: Connection,
    path: string,
    hits: readonly KeywordHit[],
    words: readonly QueryWord[],
    passages: number,
  ): KeywordHit[] {
    this.#lastAsked = performance.now();
    const newest =
      connection.reader.get<{ key: number | null }>("SELECT max(key) AS key FROM chunks")?.key ?? 0;
    const known = words
      .filter(({ documents }) => documents < passages * weightless)
      .flatMap((word) => this.#of(connection, path, anyOf([word]), passages, newest) ?? []);
    this.#keepWithinBudget();
    if (known.length === 0) return [...hits];
    const complete = hits.map(({ key, bm25 }) => ({
      key,
      bm25: known.reduce((sum, word) => sum + valueAt(word, key), bm25),
    }));
    return complete.sort((a, b) => b.bm25 - a.bm25 || a.key - b.key);
  }

  /** Whether words are being read. */
  get isReading(): boolean {
    return this.#reading;
  }

  /** Lets go of what belongs to a connection that is closed. */
  forget(connection: Connection): void {
    for (const [name, kept] of this.#kept) if (kept.connection === connection) this.#kept.delete(name);
  }

  /** Undefined while it is being read. */
  #of(
    connection: Connection,
    path: string,
    word: string,
    passages: number,
    newest: number,
  ): Kept | undefined {
    const name = `${path} ${word}`;
    const known = this.#kept.get(name);
    this.#kept.delete(name);
    const isGood =
      known?.connection === connection && Math.abs(known.passages - passages) <= passages * tolerance;
    const kept = isGood
      ? known
      : {
          connection,
          word,
          passages,
          size: 0,
          readTo: 0,
          keys: new Uint32Array(256),
          values: new Uint16Array(256),
        };
    this.#kept.set(name, kept);
    if (kept.readTo > 0 && newest - kept.readTo <= keysAtOnce) readOn(kept, newest);
    if (kept.readTo >= newest) return kept;
    this.#waiting.set(name, newest);
    if (!this.#reading) setTimeout(() => this.#readWaiting(), 0);
    this.#reading = true;
    return undefined;
  }

  /** One slice after the other, a word at a time; while somebody asks, so that most of the time is left to him. */
  #readWaiting(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#reading = false;
      return;
    }
    const [name, newest] = next;
    const kept = this.#kept.get(name);
    // Let go of meanwhile: the connection may be closed.
    if (kept === undefined || kept.readTo >= newest) this.#waiting.delete(name);
    else
      try {
        readOn(kept, Math.min(newest, kept.readTo + keysAtOnce));
        this.#keepWithinBudget();
      } catch {
        // The database is busy or damaged: who asks next learns of it.
        this.#kept.delete(name);
      }
    const isAsked = performance.now() - this.#lastAsked < pauseMs;
    setTimeout(() => this.#readWaiting(), isAsked ? pauseMs : 0);
  }

  #keepWithinBudget(): void {
    let bytes = 0;
    for (const { keys } of this.#kept.values()) bytes += keys.length * bytesPerPassage;
    for (const [name, { keys }] of this.#kept) {
      if (bytes <= this.budget) break;
      this.#kept.delete(name);
      bytes -= keys.length * bytesPerPassage;
    }
  }
}

function readOn(kept: Kept, to: number): void {
  if (to <= kept.readTo) return;
  const rows = kept.connection.reader.all<{ key: number; bm25: number }>(
    `SELECT rowid AS key, ${bm25Sql} AS bm25 FROM chunk_words
     WHERE chunk_words MATCH ? AND rowid > ? AND rowid <= ? ORDER BY rowid`,
    kept.word,
    kept.readTo,
    to,
  );
  const needed = kept.size + rows.length;
  if (needed > kept.keys.length) {
    const length = Math.max(needed, kept.keys.length * 2);
    const [keys, values] = [new Uint32Array(length), new Uint16Array(length)];
    keys.set(kept.keys);
    values.set(kept.values);
    Object.assign(kept, { keys, values });
  }
  for (const { key, bm25 } of rows) {
    kept.keys[kept.size] = key;
    kept.values[kept.size] = Math.min(65_535, Math.round(bm25 * unit));
    kept.size += 1;
  }
  kept.readTo = to;
}

function valueAt({ keys, values, size }: Kept, key: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return keys[low] === key && low < size ? (values[low] ?? 0) / unit : 0;
}
