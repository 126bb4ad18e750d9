/** The postings of a word: which passages hold it, and what it adds to the BM25 of each. */
import type { Reader } from "../db/transaction.ts";
import { BestScores } from "./best-scores.ts";
import { bm25Sql } from "./candidates.ts";
import type { KeywordHit } from "./search-protocol.ts";

/** BM25 is kept in thousandths: one word adds at most 2.2 times its idf, which is 30 for one passage in a million. */
const unit = 1_000;
const largest = 65_535;
const bytesPerPassage = Uint32Array.BYTES_PER_ELEMENT + Uint16Array.BYTES_PER_ELEMENT;
/** Keys that are summed up at once: their sums stay in the processor's cache. */
const blockKeys = 16_384;

export class Postings {
  /** Of the passages, rising; the first `size` count. */
  #keys: Uint32Array;
  /** What the word adds there, in thousandths. */
  #values: Uint16Array;
  #size = 0;
  #readTo = 0;

  /**
   * @param word an FTS5 expression
   * @param documents how many passages hold it, about
   */
  constructor(
    readonly word: string,
    documents: number,
  ) {
    this.#keys = new Uint32Array(documents);
    this.#values = new Uint16Array(documents);
  }

  get size(): number {
    return this.#size;
  }

  /** Passages up to this key have been read. */
  get readTo(): number {
    return this.#readTo;
  }

  /** How many there is room for: about as many as there are. */
  get capacity(): number {
    return this.#keys.length;
  }

  /** Memory held. */
  get bytes(): number {
    return this.capacity * bytesPerPassage;
  }

  /**
   * Reads some more, in the order of the keys. FTS5 goes through all of the word's places each time, since BM25 needs to
   * know how many passages hold it: .06 ms a thousand of them, and .7 ms a thousand that are read.
   * @param newest the highest key that there is
   * @param limit how many passages that hold the word are read
   */
  readOn(reader: Reader, newest: number, limit: number): void {
    const rows = reader.all<{ key: number; bm25: number }>(
      `SELECT rowid AS key, ${bm25Sql} AS bm25 FROM chunk_words
       WHERE chunk_words MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?`,
      this.word,
      // A number would be bound as a fraction, by which FTS5 does not look a passage up.
      BigInt(this.#readTo),
      limit,
    );
    this.#reserve(this.#size + rows.length);
    for (const { key, bm25 } of rows) {
      this.#keys[this.#size] = key;
      this.#values[this.#size] = Math.min(largest, Math.round(bm25 * unit));
      this.#size += 1;
    }
    const last = rows.at(-1)?.key ?? 0;
    this.#readTo = rows.length < limit ? Math.max(newest, last) : last;
  }

  /** The key at a position; Infinity after the last. */
  keyAt(position: number): number {
    return position < this.#size ? (this.#keys[position] ?? 0) : Number.POSITIVE_INFINITY;
  }

  /**
   * Adds the values of the keys from `from` on, as far as they go into `sums`, which begins with that key.
   * @param position of the first of them
   * @returns the position of the first key beyond
   */
  addTo(sums: Float32Array, from: number, position: number): number {
    const keys = this.#keys;
    const values = this.#values;
    const end = from + sums.length;
    let at = position;
    // A plain loop: a common word has hundreds of thousands of them.
    for (; at < this.#size; at += 1) {
      const key = keys[at] ?? 0;
      if (key >= end) break;
      const place = key - from;
      sums[place] = (sums[place] ?? 0) + (values[at] ?? 0) / unit;
    }
    return at;
  }

  #reserve(needed: number): void {
    if (needed <= this.#keys.length) return;
    const length = Math.max(needed, Math.ceil(this.#keys.length * 1.25));
    const [keys, values] = [new Uint32Array(length), new Uint16Array(length)];
    keys.set(this.#keys);
    values.set(this.#values);
    this.#keys = keys;
    this.#values = values;
  }
}

/**
 * Adds up, passage by passage, what each word is worth there.
 * @param lists one a word
 * @param hits of further words, by any order
 * @param allowed keys that may be found; null: all
 * @returns the `limit` best, the best first; of equal ones the lower key
 */
export function bestByPostings(
  lists: readonly Postings[],
  hits: readonly KeywordHit[],
  allowed: ReadonlySet<number> | null,
  limit: number,
): KeywordHit[] {
  const rising = [...hits].sort((a, b) => a.key - b.key);
  const positions = lists.map(() => 0);
  const sums = new Float32Array(blockKeys);
  const best = new BestScores(limit);
  let next = 0;
  const first = () =>
    lists.reduce(
      (least, list, index) => Math.min(least, list.keyAt(positions[index] ?? 0)),
      rising[next]?.key ?? Number.POSITIVE_INFINITY,
    );
  for (let from = first(); from < Number.POSITIVE_INFINITY; from = first()) {
    sums.fill(0);
    for (const [index, list] of lists.entries())
      positions[index] = list.addTo(sums, from, positions[index] ?? 0);
    for (let hit = rising[next]; hit !== undefined && hit.key < from + blockKeys; hit = rising[next]) {
      sums[hit.key - from] = (sums[hit.key - from] ?? 0) + hit.bm25;
      next += 1;
    }
    for (let place = 0; place < blockKeys; place += 1) {
      const sum = sums[place] ?? 0;
      if (sum > 0 && sum > best.least && (allowed === null || allowed.has(from + place)))
        best.offer(from + place, sum);
    }
  }
  return best.ids.map((key, index) => ({ key, bm25: best.scores[index] ?? 0 }));
}
