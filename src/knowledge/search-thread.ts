/** The worker thread that searches: words (FTS5), vectors (vec0), and the two together. It only reads. */
import type { Connection } from "../db/transaction.ts";
import type { RetrievalFigures } from "../inference/model-manifest.ts";
import { detectLanguage } from "../language.ts";
import type { SqliteNatives } from "../native/sqlite.ts";
import { DatabaseHandles } from "./database-handles.ts";
import { allowedKeys, type DocumentFilter } from "./document-filter.ts";
import { activeIndex, type EmbeddingIndex, floatsOf, vectorBytes, vectorTable } from "./embedding-index.ts";
import { passageSentences, type SentenceSpan, sentenceTexts } from "./passage-sentences.ts";
import {
  analyseQuery,
  anyOf,
  coverage,
  knownShare,
  type QueryWord,
  type QueryWords,
  type TextInLanguage,
  termsOf,
} from "./query-words.ts";
import { QuestionMatch } from "./question-match.ts";
import {
  aboveBase,
  answerableScore,
  type Balance,
  type BaseLines,
  balanced,
  baseOf,
  dot,
  nearestSentences,
  type PassageFeatures,
  passageScores,
  ranked,
  rescored,
  usesSentences,
} from "./scoring.ts";
import { packSentenceVectors, readSentenceVectors, sentenceCosines } from "./sentence-vectors.ts";
import type { Span } from "./sentences.ts";
import { VectorMatrices } from "./vector-matrices.ts";
import type { Near } from "./vector-matrix.ts";

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

export interface PassageSentence extends Span {
  /** Share of the question's words that it holds, weighted by rarity, 0..1. */
  readonly coverage: number;
  /** The same with the words of the heading that stands above it in the passage: for choosing what to quote. */
  readonly quoteCoverage: number;
  /** Its cosine with the question, heading included; null for headings and where its vector is not made yet. */
  readonly cosine: number | null;
  /** It is one of the headings itself: found by, but not quoted. */
  readonly isHeading: boolean;
  /** It cannot be understood without the sentence before it. */
  readonly leans: boolean;
}

/** A passage that was found, with everything that answering needs of it. */
export interface Passage {
  readonly key: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
  readonly heading: string | null;
  readonly page: number | null;
  /** Offsets in the document's plain text. */
  readonly start: number;
  readonly end: number;
  /** Of a web page. */
  readonly url: string | null;
  /** 0..1, comparable between questions. */
  readonly score: number;
  /** How well it answers by itself; only its differences within one question mean something. */
  readonly rescored: number;
  /** What the order is made by: the same with its nearest sentence. */
  readonly ranked: number;
  readonly cosine: number | null;
  readonly bm25: number | null;
  readonly match: "vector" | "keyword" | "hybrid";
  /** What the order rests on. */
  readonly features: PassageFeatures;
  readonly sentences: readonly PassageSentence[];
}

export interface FuseRequest {
  readonly path: string;
  readonly question: string;
  readonly mode: SearchMode;
  readonly limit: number;
  readonly minScore: number;
  readonly filter?: DocumentFilter;
  readonly balance: Balance;
  /** The question's vector; null when there is none (then only words count). */
  readonly vector: Float32Array | null;
  /** What the vector's cosine reaches with text of no relevance. */
  readonly bases: BaseLines;
  readonly model: string;
  readonly figures: RetrievalFigures;
  readonly keyword: readonly KeywordHit[];
  readonly words: QueryWords;
}

export interface FuseAnswer {
  readonly passages: readonly Passage[];
  /** Probability that the documents hold an answer, 0..1. */
  readonly answerable: number;
  /** Whether vectors took part. */
  readonly byMeaning: boolean;
  /** Keys of those of the best passages whose sentences have no vectors yet; none where the model makes no use of them. */
  readonly withoutSentences: readonly number[];
  readonly ms: number;
}

export interface SentenceTexts {
  readonly key: number;
  readonly texts: readonly (string | null)[];
}

/** Weight of the title and the headings beside the text's 1. Titles alone brought nothing (-.001 to +.003 recall@1). */
const contextWeight = "0.2";
/** Candidates from each side. */
const candidates = 50;
/** Passages whose sentences and their terms are kept: cutting them up is a third of a search's time. */
const keptPassages = 1000;

interface Cut {
  readonly spans: readonly SentenceSpan[];
  readonly terms: readonly ReadonlySet<string>[];
}

/** Of the best passages, so many are looked at by the vectors of their sentences when deciding whether to answer. */
const sentencePassages = 5;
/** Packed vectors of sentences that were made for a question: kept here until they are made for good. */
const keptVectors = 500;

interface Candidate {
  readonly key: number;
  readonly cosine: number | null;
  readonly bm25: number | null;
  /** What the question's cosine reaches with text of no relevance in the passage's language. */
  readonly base: number;
}

interface Row {
  readonly key: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
  readonly heading: string | null;
  readonly page: number | null;
  readonly start: number;
  readonly end: number;
  readonly language: string | null;
  readonly url: string | null;
}

export class SearchThread {
  readonly #handles: DatabaseHandles;
  readonly #matrices = new VectorMatrices();
  readonly #cuts = new Map<string, Cut>();
  readonly #made = new Map<string, Uint8Array>();
  /** Compares questions with questions. */
  readonly questions: QuestionMatch;

  constructor(options: { readonly natives: SqliteNatives }) {
    this.#handles = new DatabaseHandles(options.natives, "readonly", (connection) => {
      this.#matrices.forget(connection);
      this.questions.forget(connection);
    });
    this.questions = new QuestionMatch(this.#handles);
  }

  async keyword(input: { path: string; question: string; filter?: DocumentFilter }): Promise<KeywordAnswer> {
    const started = performance.now();
    const connection = this.#handles.get(input.path);
    const words = analyseQuery(connection, input.question);
    const allowed = allowedKeys(connection.reader, input.filter);
    const hits = words.searched.length === 0 ? [] : bm25Hits(connection, words.searched, allowed);
    return { hits, words, ms: performance.now() - started };
  }

  async fuse(input: FuseRequest): Promise<FuseAnswer> {
    const connection = this.#handles.get(input.path);
    // One snapshot: an index that takes over in the middle is seen wholly or not at all.
    connection.handle.exec("BEGIN");
    try {
      return this.#fuse(connection, input);
    } finally {
      connection.handle.exec("COMMIT");
    }
  }

  #fuse(connection: Connection, input: FuseRequest): FuseAnswer {
    const started = performance.now();
    const index = input.vector === null || input.mode === "keyword" ? null : activeIndex(connection.reader);
    const byMeaning = index !== null && index.model === input.model;
    const vectors = byMeaning ? this.#vectorSearch(connection, index, input.words.passages) : null;
    const allowed = vectors === null ? null : allowedKeys(connection.reader, input.filter);
    const found = findCandidates(connection, input, vectors, allowed);
    const kept = firstStage(found, input);
    const rows = loadRows(
      connection,
      kept.map((item) => item.key),
    );
    const cuts = this.#cutAll(connection, input.path, rows);
    const cosines = byMeaning ? this.#sentenceCosines(connection, index, input, cuts) : new Map();
    const judged = kept.flatMap((item) => {
      const row = rows.get(item.key);
      const cut = cuts.get(item.key);
      if (row === undefined || cut === undefined) return [];
      return [score(item, row, { ...cut, cosines: cosines.get(item.key) ?? [] }, input, byMeaning)];
    });
    const inOrder = withoutRepeats(judged.sort((a, b) => b.ranked - a.ranked || a.key - b.key));
    const { passages: size } = input.words;
    const best = inOrder.slice(0, sentencePassages);
    const withoutSentences =
      byMeaning && usesSentences(input.figures)
        ? best.flatMap(({ key }) => (cosines.has(key) ? [] : [key]))
        : [];
    const answerable = answerableScore(
      {
        top: best.length === 0 ? null : Math.max(...best.map((item) => item.rescored)),
        sentences: withoutSentences.length > 0 ? null : nearestSentences(cosinesOf(best)),
        base: input.bases.highest,
        knownWords: knownShare(input.words),
        otherLanguage: best[0] !== undefined && isOtherLanguage(input.question, best[0].text),
        passages: size,
        byMeaning,
      },
      input.figures,
    );
    const values = inOrder.map((item) => item.ranked);
    const scores = passageScores({ values, answerable, passages: size, byMeaning }, input.figures);
    const passages = inOrder
      .map((item, position) => ({ ...item, score: scores[position] ?? 0 }))
      .filter((item) => item.score >= input.minScore)
      .slice(0, input.limit);
    return { passages, answerable, byMeaning, withoutSentences, ms: performance.now() - started };
  }

  /** What the embedder reads of the sentences of these passages (null: a heading), as far as they are still there. */
  async sentenceTexts(input: { path: string; keys: readonly number[] }): Promise<SentenceTexts[]> {
    const connection = this.#handles.get(input.path);
    const rows = loadRows(connection, input.keys);
    const cuts = this.#cutAll(connection, input.path, rows);
    return [...rows.values()].map(({ key, text, heading }) => ({
      key,
      texts: sentenceTexts(text, heading, cuts.get(key)?.spans ?? []),
    }));
  }

  /** Keeps vectors of sentences that were made for a question, so that asking once more finds them. */
  async keepSentences(input: {
    path: string;
    model: string;
    passages: readonly { readonly key: number; readonly vectors: readonly (Float32Array | null)[] }[];
  }): Promise<void> {
    for (const { key, vectors } of input.passages) {
      const dims = vectors.find((vector) => vector !== null)?.length ?? 0;
      this.#made.set(madeName(input.path, input.model, key), packSentenceVectors(vectors, dims));
    }
    for (const [oldest] of this.#made) {
      if (this.#made.size <= keptVectors) break;
      this.#made.delete(oldest);
    }
  }

  /** Cosines with the sentences of those passages whose vectors there are. */
  #sentenceCosines(
    connection: Connection,
    index: EmbeddingIndex,
    input: FuseRequest,
    cuts: ReadonlyMap<number, Cut>,
  ): Map<number, readonly (number | null)[]> {
    const { vector, path, model } = input;
    const found = new Map<number, readonly (number | null)[]>();
    if (vector === null) return found;
    const stored = readSentenceVectors(connection.reader, index, [...cuts.keys()]);
    for (const [key, cut] of cuts) {
      for (const packed of [stored.get(key), this.#made.get(madeName(path, model, key))]) {
        if (packed === undefined || found.has(key)) continue;
        const cosines = sentenceCosines(packed, vector);
        // A release that cuts sentences in another way leaves vectors that belong to none of today's.
        if (cosines.length === cut.spans.length) found.set(key, cosines);
      }
    }
    return found;
  }

  async close(): Promise<void> {
    this.#handles[Symbol.dispose]();
  }

  /** In memory; by vec0 where a tenant has more vectors than memory is meant for. */
  #vectorSearch(connection: Connection, index: EmbeddingIndex, passages: number): VectorSearch {
    return this.#matrices.of(connection, index, passages) ?? new StoredVectorSearch(connection, index);
  }

  /** Sentences and their terms of each passage. Row ids are never used twice, so what is kept stays true. */
  #cutAll(connection: Connection, path: string, rows: ReadonlyMap<number, Row>): Map<number, Cut> {
    const cuts = new Map<number, Cut>();
    const missing: { key: number; spans: SentenceSpan[]; from: number }[] = [];
    const texts: TextInLanguage[] = [];
    for (const row of rows.values()) {
      const name = `${path} ${row.key}`;
      const known = this.#cuts.get(name);
      if (known !== undefined) {
        this.#cuts.delete(name);
        this.#cuts.set(name, known);
        cuts.set(row.key, known);
        continue;
      }
      const spans = passageSentences(row.text, row.heading);
      missing.push({ key: row.key, spans, from: texts.length });
      for (const span of spans)
        texts.push({ text: row.text.slice(span.start, span.end), language: row.language });
    }
    const terms = texts.length === 0 ? [] : termsOf(connection, texts);
    for (const { key, spans, from } of missing) {
      const cut = { spans, terms: terms.slice(from, from + spans.length) };
      cuts.set(key, cut);
      this.#cuts.set(`${path} ${key}`, cut);
    }
    for (const [oldest] of this.#cuts) {
      if (this.#cuts.size <= keptPassages) break;
      this.#cuts.delete(oldest);
    }
    return cuts;
  }
}

/** Both `VectorMatrix` and vec0. */
interface VectorSearch {
  /** @param allowed keys that may be found; null: all */
  nearest(question: Float32Array, limit: number, allowed: ReadonlySet<number> | null): readonly Near[];
  /** Of length 1; null when it is not there. */
  vector(key: number): Float32Array | null;
}

/** The same text may stand in several documents: the best place of each. */
function withoutRepeats(passages: readonly Passage[]): Passage[] {
  const texts = new Set<string>();
  return passages.filter(({ text }) => {
    if (texts.has(text)) return false;
    texts.add(text);
    return true;
  });
}

/** Gives each candidate that was found by its words its cosine too. */
function findCandidates(
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
  const languages = languagesOf(connection, keys);
  return keys.flatMap((key) => {
    const base = baseOf(input.bases, languages.get(key) ?? null);
    const cosine = near.get(key) ?? cosineWith(question, vectors.vector(key));
    const byWords = bm25.get(key) ?? null;
    const isNear = cosine !== null && aboveBase(cosine, base) > input.figures.minCosine;
    return byWords === null && !isNear ? [] : [{ key, cosine, bm25: byWords, base }];
  });
}

function cosineWith(question: Float32Array, passage: Float32Array | null): number | null {
  return passage === null ? null : dot(question, passage);
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
function firstStage(found: readonly Candidate[], input: FuseRequest): Candidate[] {
  const { firstStage: weights } = input.figures;
  const value = (item: Candidate) =>
    input.balance.meaning * weights.cosine * (item.cosine ?? 0) +
    input.balance.words * weights.keyword * normalised(item.bm25, input.words);
  return [...found].sort((a, b) => value(b) - value(a)).slice(0, Math.max(weights.keep, input.limit));
}

function normalised(bm25: number | null, words: QueryWords): number {
  return bm25 === null || words.idfSum === 0 ? 0 : bm25 / words.idfSum;
}

function madeName(path: string, model: string, key: number): string {
  return `${path} ${model} ${key}`;
}

function cosinesOf(passages: readonly Passage[]): number[] {
  return passages.flatMap(({ sentences }) =>
    sentences.flatMap(({ cosine }) => (cosine === null ? [] : [cosine])),
  );
}

/** Only where both languages are known. */
function isOtherLanguage(question: string, passage: string): boolean {
  const asked = detectLanguage(question);
  const answered = detectLanguage(passage);
  return asked !== null && answered !== null && asked !== answered;
}

interface SeenCut extends Cut {
  readonly cosines: readonly (number | null)[];
}

function score(item: Candidate, row: Row, cut: SeenCut, input: FuseRequest, byMeaning: boolean): Passage {
  const useWords = input.mode !== "vector";
  const sentences = describeSentences(cut, input.words);
  const best = sentences.reduce((most, sentence) => Math.max(most, sentence.coverage), 0);
  const near = item.cosine === null ? 0 : aboveBase(item.cosine, item.base);
  const features = {
    cosine: near,
    keyword: useWords ? normalised(item.bm25, input.words) : 0,
    sentence: useWords ? best : 0,
    sentencePair: useWords ? Math.max(best, bestPair(cut, input.words)) : 0,
  };
  const value = rescored(features, input.figures, byMeaning);
  const weighed = balanced(features, input.balance);
  const nearest = nearestAbove(cut.cosines, item.base);
  const order = ranked(
    rescored(weighed, input.figures, byMeaning),
    weighed,
    nearest === null ? null : nearest * input.balance.meaning,
    input.figures,
  );
  const isNear = item.cosine !== null && near > input.figures.minCosine && byMeaning;
  const match = item.bm25 === null ? "vector" : isNear ? "hybrid" : "keyword";
  return {
    ...row,
    ...item,
    match,
    features,
    sentences,
    score: 0,
    rescored: value,
    ranked: byMeaning ? order : value,
  };
}

/** Of the sentence nearest to the question; null where there are no cosines. */
function nearestAbove(cosines: readonly (number | null)[], base: number): number | null {
  const known = cosines.filter((cosine) => cosine !== null);
  return known.length === 0 ? null : aboveBase(Math.max(...known), base);
}

function describeSentences(cut: SeenCut, words: QueryWords): PassageSentence[] {
  return cut.spans.map((span, index) => {
    const terms = cut.terms[index] ?? new Set<string>();
    const above = cut.terms[span.under];
    const before = span.leans ? cut.terms[index - 1] : undefined;
    const own = coverage(words, terms);
    const quoteCoverage =
      above === undefined && before === undefined
        ? own
        : coverage(words, new Set([...(above ?? []), ...(before ?? []), ...terms]));
    return {
      start: span.start,
      end: span.end,
      coverage: own,
      quoteCoverage: span.isHeading ? 0 : quoteCoverage,
      cosine: cut.cosines[index] ?? null,
      isHeading: span.isHeading,
      leans: span.leans,
    };
  });
}

function bestPair(cut: Cut, words: QueryWords): number {
  let best = 0;
  for (let index = 0; index + 1 < cut.terms.length; index += 1) {
    const pair = new Set([...(cut.terms[index] ?? []), ...(cut.terms[index + 1] ?? [])]);
    best = Math.max(best, coverage(words, pair));
  }
  return best;
}

function bm25Hits(
  connection: Connection,
  words: readonly QueryWord[],
  allowed: ReadonlySet<number> | null,
): KeywordHit[] {
  const among = allowed === null ? "" : "AND rowid IN (SELECT value FROM json_each(?))";
  return connection.reader.all<{ key: number; bm25: number }>(
    `SELECT rowid AS key, -bm25(chunk_words, ${contextWeight}, 1.0) AS bm25 FROM chunk_words
     WHERE chunk_words MATCH ? ${among}
     ORDER BY bm25(chunk_words, ${contextWeight}, 1.0) LIMIT ${candidates}`,
    anyOf(words),
    ...(allowed === null ? [] : [JSON.stringify([...allowed])]),
  );
}

class StoredVectorSearch implements VectorSearch {
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

function loadRows(connection: Connection, keys: readonly number[]): Map<number, Row> {
  const rows = connection.reader.all<Row & Record<string, unknown>>(
    `SELECT chunks.key AS key, chunks.id AS chunkId, document_id AS documentId, title, text, heading, page,
       start_offset AS start, end_offset AS end, language, url
     FROM chunks JOIN documents ON documents.id = document_id
     WHERE chunks.key IN (SELECT value FROM json_each(?)) AND documents.deleted_at IS NULL
       -- What a full disk left half indexed is as good as not there; see Knowledge.
       AND NOT (documents.embedded < documents.chunks AND documents.error_code IS 'storage_full')`,
    JSON.stringify(keys),
  );
  return new Map(rows.map((row) => [row.key, row]));
}
