/** The passages that a search looks at more closely: those nearest by meaning, and the best by their words. */
import type { Connection } from "../db/transaction.ts";
import { type EmbeddingIndex, floatsOf, vectorBytes, vectorTable } from "./embedding-index.ts";
import { anyOf, type QueryWord, type QueryWords } from "./query-words.ts";
import { aboveBase, baseOf, dot } from "./scoring.ts";
import type { FuseRequest, KeywordHit } from "./search-protocol.ts";
import type { Near } from "./vector-matrix.ts";

/** Weight of the title and the headings beside the text's 1. Titles alone brought nothing (-.001 to +.003 recall@1). */
const contextWeight = "0.2";
/** BM25 of a row of `chunk_words`, as SQL. FTS5's own is lower for better ones. */
export const bm25Sql = `-bm25(chunk_words, ${contextWeight}, 1.0)`;
/** Candidates from each side. */
export const candidates = 50;
export interface Candidate {
  readonly key: number;
  readonly cosine: number | null;
  readonly bm25: number | null;
  /** What the question's cosine reaches with text of no relevance in the passage's language. */
  readonly base: number;
}

/** Both `VectorMatrix` and vec0. */
export interface VectorSearch {
  /** @param allowed keys that may be found; null: all */
  nearest(question: Float32Array, limit: number, allowed: ReadonlySet<number> | null): readonly Near[];
  /** Of length 1; null when it is not there. */
  vector(key: number): Float32Array | null;
}

/** Gives each candidate that was found by its words its cosine too. */
export function findCandidates(
  connection: Connection,
  input: FuseRequest,
  vectors: VectorSearch | null,
  allowed: ReadonlySet<number> | null,
): Candidate[] {
  const bm25 = new Map(input.mode === "vector" ? [] : input.keyword.map((hit) => [hit.key, hit.bm25]));
  const question = input.vector;
  if (vectors === null || question === null)
    return [...bm25].map(([key, value]) => ({ key, bm25: value, cosine: null, base: 0 }));
  const near = new Map(vectors.nearest(question, candidates, allowed).map((item) => [item.key, item.cosine]));
  const keys = [...new Set([...near.keys(), ...bm25.keys()])];
  const only = onlyLanguage(connection);
  const languages = only === null ? languagesOf(connection, keys) : null;
  return keys.flatMap((key) => {
    const base = baseOf(input.bases, only ?? languages?.get(key) ?? null);
    const cosine = near.get(key) ?? cosineWith(question, vectors.vector(key));
    const byWords = bm25.get(key) ?? null;
    const isNear = cosine !== null && aboveBase(cosine, base) > input.figures.minCosine;
    return byWords === null && !isNear ? [] : [{ key, cosine, bm25: byWords, base }];
  });
}

function cosineWith(question: Float32Array, passage: Float32Array | null): number | null {
  return passage === null ? null : dot(question, passage);
}

/** The language of all documents; null where there are several or that of some is not known. */
function onlyLanguage({ reader }: Connection): string | null {
  const row = reader.get<{ first: string | null; last: string | null; unknown: number }>(
    `SELECT (SELECT min(language) FROM documents) AS first, (SELECT max(language) FROM documents) AS last,
       EXISTS (SELECT 1 FROM documents WHERE language IS NULL) AS unknown`,
  );
  return row === undefined || row.unknown !== 0 || row.first !== row.last ? null : row.first;
}

/** Languages of the passages' documents, as far as they are known. */
function languagesOf({ reader }: Connection, keys: readonly number[]): Map<number, string | null> {
  const rows = reader.all<{ key: number; language: string | null }>(
    `SELECT chunks.key AS key, language FROM chunks JOIN documents ON documents.id = document_id
     WHERE chunks.key IN (SELECT value FROM json_each(?))`,
    JSON.stringify(keys),
  );
  return new Map(rows.map((row) => [row.key, row.language]));
}

/** The most promising candidates by a plain weighted sum; only these are looked at sentence by sentence. */
export function firstStage(found: readonly Candidate[], input: FuseRequest): Candidate[] {
  const { firstStage: weights } = input.figures;
  const value = (item: Candidate) =>
    input.balance.meaning * weights.cosine * (item.cosine ?? 0) +
    input.balance.words * weights.keyword * normalised(item.bm25, input.words);
  return [...found].sort((a, b) => value(b) - value(a)).slice(0, Math.max(weights.keep, input.limit));
}

export function normalised(bm25: number | null, words: QueryWords): number {
  return bm25 === null || words.idfSum === 0 ? 0 : bm25 / words.idfSum;
}

export function bm25Hits(
  connection: Connection,
  words: readonly QueryWord[],
  allowed: ReadonlySet<number> | null,
  limit: number = candidates,
): KeywordHit[] {
  const among = allowed === null ? "" : "AND rowid IN (SELECT value FROM json_each(?))";
  return connection.reader.all<{ key: number; bm25: number }>(
    `SELECT rowid AS key, ${bm25Sql} AS bm25 FROM chunk_words
     WHERE chunk_words MATCH ? ${among} ORDER BY ${bm25Sql} DESC LIMIT ${limit}`,
    anyOf(words),
    ...(allowed === null ? [] : [JSON.stringify([...allowed])]),
  );
}

/** By vec0, where a tenant has more vectors than memory is meant for. */
export class StoredVectorSearch implements VectorSearch {
  readonly #table: string;

  constructor(
    readonly connection: Connection,
    index: EmbeddingIndex,
  ) {
    this.#table = vectorTable(index);
  }

  nearest(question: Float32Array, limit: number, allowed: ReadonlySet<number> | null): Near[] {
    const among = allowed === null ? "" : "AND rowid IN (SELECT value FROM json_each(?))";
    return this.connection.reader
      .all<{ rowid: number; distance: number }>(
        `SELECT rowid, distance FROM ${this.#table} WHERE embedding MATCH ? AND k = ? ${among}`,
        vectorBytes(question),
        limit,
        ...(allowed === null ? [] : [JSON.stringify([...allowed])]),
      )
      .map((row) => ({ key: row.rowid, cosine: 1 - row.distance }));
  }

  vector(key: number): Float32Array | null {
    const row = this.connection.reader.get<{ vector: Uint8Array }>(
      `SELECT vec_normalize(embedding) AS vector FROM ${this.#table} WHERE rowid = ?`,
      BigInt(key),
    );
    return row === undefined ? null : floatsOf(row.vector);
  }
}
