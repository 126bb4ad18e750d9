/** In how many passages a word stands. */
import type { Connection } from "../db/transaction.ts";

/** FTS5 counts by going through all of a word's places: what takes longer than this many is kept. */
const worthKeeping = 1_000;
/** What is kept is good as long as the number of passages has not changed by more than this share. */
const tolerance = 0.02;

const kept = new WeakMap<Connection, WordCounts>();

export class WordCounts {
  readonly #known = new Map<string, number>();

  private constructor(
    readonly connection: Connection,
    /** How many passages are indexed. */
    readonly passages: number,
  ) {}

  /** The counts as the connection sees them now; those of common words may be as old as the tolerance allows. */
  static of(connection: Connection): WordCounts {
    const passages = countIndexed(connection);
    const known = kept.get(connection);
    if (known !== undefined && known.passages === passages) return known;
    const counts = new WordCounts(connection, passages);
    if (known !== undefined && Math.abs(known.passages - passages) <= passages * tolerance)
      for (const [term, count] of known.#known) counts.#known.set(term, count);
    kept.set(connection, counts);
    return counts;
  }

  documentsWith(term: string): number {
    const known = this.#known.get(term);
    if (known !== undefined) return known;
    const { reader } = this.connection;
    const found =
      reader.get<{ doc: number }>("SELECT doc FROM chunk_vocabulary WHERE term = ?", term)?.doc ?? 0;
    if (found > worthKeeping) this.#known.set(term, found);
    return found;
  }
}

/**
 * FTS5 keeps the number of its rows in its record of averages (row 1 of its data, the first variable-length integer):
 * counting the table takes a millisecond for each 100,000.
 */
function countIndexed({ reader }: Connection): number {
  const record = reader.get<{ block: Uint8Array }>("SELECT block FROM chunk_words_data WHERE id = 1")?.block;
  let count = 0;
  for (const byte of record ?? []) {
    count = count * 128 + (byte & 0x7f);
    if (byte < 0x80) break;
  }
  return count;
}
