/** The worker thread that searches: words (FTS5), vectors (vec0), and the two together. It only reads. */

import type { Connection } from "../db/transaction.ts";
import type { RetrievalFigures } from "../inference/model-manifest.ts";
import type { SqliteNatives } from "../native/sqlite.ts";
import { DatabaseHandles } from "./database-handles.ts";
import { activeIndex, type EmbeddingIndex, vectorBytes, vectorTable } from "./embedding-index.ts";
import { analyseQuery, anyOf, type QueryWord, type QueryWords } from "./query-words.ts";
import { fusedScore } from "./scoring.ts";

export type SearchMode = "hybrid" | "vector" | "keyword";

export interface KeywordHit {
  readonly key: number;
  /** BM25, 0 or more. */
  readonly bm25: number;
}

export interface KeywordAnswer {
  readonly hits: readonly KeywordHit[];
  readonly words: QueryWords;
  readonly ms: number;
}

/** A passage that was found. Everything of it that answering needs. */
export interface Passage {
  readonly key: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly title: string;
  readonly context: string;
  readonly text: string;
  readonly heading: string | null;
  readonly page: number | null;
  readonly score: number;
  readonly cosine: number | null;
  readonly bm25: number | null;
}

export interface FuseRequest {
  readonly path: string;
  readonly mode: SearchMode;
  readonly limit: number;
  readonly minScore: number;
  /** The question's vector; null when there is none (then only words count). */
  readonly vector: Float32Array | null;
  readonly model: string;
  readonly figures: RetrievalFigures;
  readonly keyword: readonly KeywordHit[];
}

export interface FuseAnswer {
  readonly passages: readonly Passage[];
  /** Cosines of the nearest passages, falling; up to 50. */
  readonly cosines: readonly number[];
  /** Passages in the vector index. */
  readonly vectors: number;
  readonly ms: number;
}

/** Candidates from each side. */
const candidates = 50;

export class SearchThread {
  readonly #handles: DatabaseHandles;

  constructor(options: { readonly natives: SqliteNatives }) {
    this.#handles = new DatabaseHandles(options.natives, "readonly");
  }

  async keyword(input: { path: string; question: string }): Promise<KeywordAnswer> {
    const started = performance.now();
    const connection = this.#handles.get(input.path);
    const words = analyseQuery(connection, input.question);
    const hits = words.searched.length === 0 ? [] : bm25Hits(connection, words.searched);
    return { hits, words, ms: performance.now() - started };
  }

  async fuse(input: FuseRequest): Promise<FuseAnswer> {
    const started = performance.now();
    const connection = this.#handles.get(input.path);
    const index = input.vector === null ? null : activeIndex(connection.reader);
    const usable = index !== null && index.model === input.model ? index : null;
    const near =
      usable === null || input.vector === null ? [] : nearest(connection, usable, input.vector, candidates);
    const found = new Map<number, { cosine: number | null; bm25: number | null }>();
    if (input.mode !== "keyword")
      for (const item of near)
        if (item.cosine >= input.figures.minCosine) found.set(item.key, { cosine: item.cosine, bm25: null });
    if (input.mode !== "vector")
      for (const item of input.keyword)
        found.set(item.key, { cosine: found.get(item.key)?.cosine ?? null, bm25: item.bm25 });
    if (usable !== null && input.vector !== null) addCosines(connection, usable, input.vector, near, found);
    const ranked = [...found]
      .map(([key, parts]) => ({ key, ...parts, score: fusedScore(parts, input.mode, input.figures) }))
      .filter((item) => item.score >= input.minScore)
      .sort((a, b) => b.score - a.score || a.key - b.key);
    const passages = loadPassages(connection, ranked, input.limit);
    return {
      passages,
      cosines: near.map((item) => item.cosine),
      vectors: near.length,
      ms: performance.now() - started,
    };
  }

  /** Kept sentence vectors of passages, by key; missing ones are left out. float32 rows, little endian. */
  async sentences(input: { path: string; model: string; keys: readonly number[] }): Promise<Map<number, Float32Array>> {
    const rows = this.#handles
      .get(input.path)
      .reader.all<{ chunk_key: number; vectors: Uint8Array }>(
        `SELECT chunk_key, vectors FROM sentence_vectors
         WHERE model = ? AND chunk_key IN (SELECT value FROM json_each(?))`,
        input.model,
        JSON.stringify(input.keys),
      );
    return new Map(rows.map((row) => [row.chunk_key, new Float32Array(row.vectors.slice().buffer)]));
  }

  async close(): Promise<void> {
    this.#handles[Symbol.dispose]();
  }
}

function bm25Hits(connection: Connection, words: readonly QueryWord[]): KeywordHit[] {
  return connection.reader.all<{ key: number; bm25: number }>(
    `SELECT rowid AS key, -bm25(chunk_words) AS bm25 FROM chunk_words WHERE chunk_words MATCH ?
     ORDER BY bm25(chunk_words) LIMIT ${candidates}`,
    anyOf(words),
  );
}

interface Near {
  readonly key: number;
  readonly cosine: number;
}

function nearest(connection: Connection, index: EmbeddingIndex, vector: Float32Array, limit: number): Near[] {
  return connection.reader
    .all<{ rowid: number; distance: number }>(
      `SELECT rowid, distance FROM ${vectorTable(index)} WHERE embedding MATCH ? AND k = ?`,
      vectorBytes(vector),
      limit,
    )
    .map((row) => ({ key: row.rowid, cosine: 1 - row.distance }));
}

/** Gives the passages that were found by their words their cosine too. */
function addCosines(
  connection: Connection,
  index: EmbeddingIndex,
  vector: Float32Array,
  near: readonly Near[],
  found: Map<number, { cosine: number | null; bm25: number | null }>,
): void {
  const known = new Map(near.map((item) => [item.key, item.cosine]));
  const missing: number[] = [];
  for (const [key, parts] of found) {
    const cosine = parts.cosine ?? known.get(key);
    if (cosine === undefined) missing.push(key);
    else found.set(key, { ...parts, cosine });
  }
  if (missing.length === 0) return;
  const rows = connection.reader.all<{ rowid: number; distance: number }>(
    `SELECT rowid, vec_distance_cosine(embedding, ?) AS distance FROM ${vectorTable(index)}
     WHERE rowid IN (SELECT value FROM json_each(?))`,
    vectorBytes(vector),
    JSON.stringify(missing),
  );
  for (const row of rows)
    found.set(row.rowid, { bm25: found.get(row.rowid)?.bm25 ?? null, cosine: 1 - row.distance });
}

interface Ranked {
  readonly key: number;
  readonly score: number;
  readonly cosine: number | null;
  readonly bm25: number | null;
}

function loadPassages(connection: Connection, ranked: readonly Ranked[], limit: number): Passage[] {
  const passages: Passage[] = [];
  for (const item of ranked) {
    if (passages.length >= limit) break;
    const row = connection.reader.get<{
      id: string;
      document_id: string;
      title: string;
      context: string;
      text: string;
      heading: string | null;
      page: number | null;
    }>(
      `SELECT chunks.id, document_id, title, context, text, heading, page FROM chunks
       JOIN documents ON documents.id = document_id WHERE key = ? AND documents.deleted_at IS NULL`,
      item.key,
    );
    if (row === undefined) continue;
    const { id, document_id, ...rest } = row;
    passages.push({ ...item, ...rest, chunkId: id, documentId: document_id });
  }
  return passages;
}
