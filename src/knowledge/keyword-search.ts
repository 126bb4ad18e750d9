/** The passages that hold the words of a question, by BM25: rare words are looked up in FTS5, common ones in memory. */
import type { Connection } from "../db/transaction.ts";
import { bm25Hits, candidates } from "./candidates.ts";
import { bestByPostings } from "./postings.ts";
import type { QueryWord, QuestionWords } from "./query-words.ts";
import type { KeywordHit } from "./search-protocol.ts";
import { WordPostings } from "./word-postings.ts";

export interface FoundByWords {
  /** The best first. */
  readonly hits: readonly KeywordHit[];
  readonly searched: readonly QueryWord[];
}

/**
 * So many passages are looked at in the index for a question's words in 10,000, which takes 3 ms. Words beyond it are
 * left out until their postings are known. What that costs in recall: bench/scale.ts.
 */
const lookedAt = 4_000;
/** Of ten times the passages, six times as many: measured, five times the time. */
const growth = 0.77;
/** Words that stand in so many passages are worth remembering. */
const common = 300;
/** In a larger share of the passages a word has hardly any weight, from half of them on none. */
const weightless = 0.47;
/** Of the best by postings, so many are looked up to see whether they are still there. */
const mostLookedUp = 6_400;
/** Hits by the rare words that the common ones choose among. */
const byRareWords = 5_000;

export class KeywordSearch {
  readonly #postings: WordPostings;

  constructor(postings = new WordPostings()) {
    this.#postings = postings;
  }

  /**
   * @param path of the database: what names it among others
   * @param allowed keys that may be found; null: all
   */
  find(
    connection: Connection,
    path: string,
    words: QuestionWords,
    allowed: ReadonlySet<number> | null,
  ): FoundByWords {
    const { passages } = words;
    const most = lookedAt * Math.max(1, passages / 10_000) ** growth;
    const weighty = weightyWords(words);
    let looked = 0;
    const rare: QueryWord[] = [];
    const others: QueryWord[] = [];
    for (const word of weighty)
      if (word.documents < common && looked + word.documents <= most) {
        rare.push(word);
        looked += word.documents;
      } else if (isWeighty(word, passages)) others.push(word);
    const known = this.#postings.of(connection, path, others, passages, most - looked);
    if (known.length === 0) {
      // The rarest at least, though it may weigh nothing.
      const searched = rare.length === 0 ? weighty.slice(0, 1) : rare;
      return { hits: searched.length === 0 ? [] : bm25Hits(connection, searched, allowed), searched };
    }
    const hits = rare.length === 0 ? [] : bm25Hits(connection, rare, allowed, byRareWords);
    const lists = known.map(({ postings }) => postings);
    return {
      hits: bestThatExist(connection, (limit) => bestByPostings(lists, hits, allowed, limit)),
      searched: [...rare, ...known.map(({ word }) => word)],
    };
  }

  /** Whether postings are being read: until then some words are left out. */
  get isReading(): boolean {
    return this.#postings.isReading;
  }

  /** Lets go of what belongs to a connection that is closed. */
  forget(connection: Connection): void {
    this.#postings.forget(connection);
  }
}

/** The words worth searching for: those that some passages have and not nearly all; where there are none, the rarest. */
export function weightyWords({ all, passages }: QuestionWords): readonly QueryWord[] {
  const held = all.filter((word) => word.documents > 0).sort((a, b) => a.documents - b.documents);
  const weighty = held.filter((word) => isWeighty(word, passages));
  return weighty.length === 0 ? held.slice(0, 1) : weighty;
}

function isWeighty({ documents }: QueryWord, passages: number): boolean {
  return documents < Math.max(common, passages * weightless);
}

/** Postings may name passages that are gone, a quarter of them at most: more are asked for until enough are there. */
function bestThatExist({ reader }: Connection, best: (limit: number) => KeywordHit[]): KeywordHit[] {
  for (let limit = candidates * 2; ; limit *= 8) {
    const hits = best(limit);
    const rows = reader.all<{ key: number }>(
      // FTS5's own list of its rows: those of `chunks` are long, and finding a hundred of them takes six times as long.
      "SELECT id AS key FROM chunk_words_docsize WHERE id IN (SELECT value FROM json_each(?))",
      JSON.stringify(hits.map(({ key }) => key)),
    );
    const there = new Set(rows.map(({ key }) => key));
    if (there.size >= candidates || hits.length < limit || limit >= mostLookedUp)
      return hits.filter(({ key }) => there.has(key)).slice(0, candidates);
  }
}
