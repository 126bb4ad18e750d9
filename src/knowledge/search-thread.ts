/** The worker thread that searches: words (FTS5), vectors (vec0), and the two together. It only reads. */
import type { Connection } from "../db/transaction.ts";
import { detectLanguage } from "../language.ts";
import type { SqliteNatives } from "../native/sqlite.ts";
import { findCandidates, firstStage, StoredVectorSearch, type VectorSearch } from "./candidates.ts";
import { hasCompanionVectors, readCompanionVectors } from "./companion-vectors.ts";
import { DatabaseHandles } from "./database-handles.ts";
import { allowedKeys } from "./document-filter.ts";
import { activeIndex, type EmbeddingIndex } from "./embedding-index.ts";
import {
  type Cut,
  cosinesOf,
  highest,
  isOtherLanguage,
  loadRows,
  type Row,
  type SeenCut,
  score,
  withoutRepeats,
} from "./found-passages.ts";
import { KeywordSearch, weightyWords } from "./keyword-search.ts";
import { passageSentences, type SentenceSpan, sentenceTexts } from "./passage-sentences.ts";
import { analyseQuery, knownShare, type QueryWords, WordFinder } from "./query-words.ts";
import { questionFit } from "./question-fit.ts";
import { QuestionMatch } from "./question-match.ts";
import { answerableScore, nearestSentences, passageScores, usesSentences } from "./scoring.ts";
import type {
  FuseAnswer,
  FuseRequest,
  KeywordAnswer,
  KeywordRequest,
  SentenceTexts,
} from "./search-protocol.ts";
import { packSentenceVectors, readSentenceVectors, sentenceCosines } from "./sentence-vectors.ts";
import { TermDictionary, type TextInLanguage } from "./term-dictionary.ts";
import { VectorMatrices } from "./vector-matrices.ts";

/** Passages whose sentences and their terms are kept: cutting them up is a third of a search's time. */
const keptPassages = 1000;

/** Of the best passages, so many are looked at by the vectors of their sentences when deciding whether to answer. */
const sentencePassages = 5;
/** Packed vectors of sentences that were made for a question: kept here until they are made for good. */
const keptVectors = 500;

export class SearchThread {
  readonly #handles: DatabaseHandles;
  readonly #matrices = new VectorMatrices();
  readonly #words = new KeywordSearch();
  readonly #dictionary = new TermDictionary();
  readonly #cuts = new Map<string, Cut>();
  readonly #made = new Map<string, Uint8Array>();
  /** Compares questions with questions. */
  readonly questions: QuestionMatch;

  constructor(options: { readonly natives: SqliteNatives }) {
    this.#handles = new DatabaseHandles(options.natives, "readonly", (connection) => {
      this.#matrices.forget(connection);
      this.#words.forget(connection);
      this.questions.forget(connection);
    });
    this.questions = new QuestionMatch(this.#handles);
  }

  /** The question's words and, unless only meaning counts, what is found by them. */
  async keyword(input: KeywordRequest): Promise<KeywordAnswer> {
    const started = performance.now();
    const connection = this.#open(input.path);
    const words = analyseQuery(connection, this.#dictionary, input.question);
    const allowed = allowedKeys(connection.reader, input.filter);
    const { hits, searched } =
      input.mode === "vector"
        ? { hits: [], searched: weightyWords(words) }
        : this.#words.find(connection, input.path, words, allowed);
    const asksCompanion =
      input.companion !== undefined &&
      words.passages <= input.companion.mostPassages &&
      isIn(input.companion.language, input.question, { ...words, searched }) &&
      hasCompanionVectors(connection.reader, input.companion.model);
    return { hits, words: { ...words, searched }, asksCompanion, ms: performance.now() - started };
  }

  /** Whether postings of common words are being read: until then some words are left out. */
  get isReading(): boolean {
    return this.#words.isReading;
  }

  /** Cuts up what will most likely be looked at, while the question is being embedded. */
  async prepare(input: { path: string; keys: readonly number[] }): Promise<void> {
    const connection = this.#open(input.path);
    this.#cutAll(connection, input.path, loadRows(connection, input.keys));
  }

  async fuse(input: FuseRequest): Promise<FuseAnswer> {
    const connection = this.#open(input.path);
    return connection.snapshot(() => this.#fuse(connection, input));
  }

  #open(path: string): Connection {
    if (this.#dictionary.refresh()) this.#cuts.clear();
    return this.#handles.get(path);
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
    const known = byMeaning
      ? this.#knownCosines(connection, index, input, { rows, cuts })
      : new Map<number, KnownCosines>();
    const finder = new WordFinder(connection, this.#dictionary, input.words);
    const seen = new Map(
      [...cuts].map(([key, { spans, terms }]): [number, SeenCut] => {
        const held = terms.map((own) => finder.among(own));
        return [key, { spans, held, ...(known.get(key) ?? unknownCosines) }];
      }),
    );
    const judged = kept.flatMap((item) => {
      const row = rows.get(item.key);
      const cut = seen.get(item.key);
      return row === undefined || cut === undefined ? [] : [score(item, row, cut, input, byMeaning)];
    });
    const inOrder = withoutRepeats(judged.sort((a, b) => b.ranked - a.ranked || a.key - b.key));
    const { passages: size } = input.words;
    const best = inOrder.slice(0, sentencePassages);
    const withoutSentences =
      byMeaning && usesSentences(input.figures)
        ? best.flatMap(({ key }) => (known.has(key) ? [] : [key]))
        : [];
    const sentences = withoutSentences.length > 0 ? null : nearestSentences(cosinesOf(best));
    const fit =
      sentences === null
        ? null
        : questionFit(input.question, input.words, best, { rows, cuts: seen, finder });
    const answerable = answerableScore(
      {
        top: best.length === 0 ? null : Math.max(...best.map((item) => item.rescored)),
        sentences,
        byCompanion: best.every(({ byCompanion }) => byCompanion !== null),
        fit,
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
    const lacking = fit?.lacking ?? null;
    return { passages, answerable, lacking, byMeaning, withoutSentences, ms: performance.now() - started };
  }

  /** What the embedder reads of the sentences of these passages (null: a heading), as far as they are still there. */
  async sentenceTexts(input: { path: string; keys: readonly number[] }): Promise<SentenceTexts[]> {
    const connection = this.#open(input.path);
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

  /** Of passages that have the companion's vectors only these are read: they say more. */
  #knownCosines(
    connection: Connection,
    index: EmbeddingIndex,
    input: FuseRequest,
    { rows, cuts }: { readonly rows: ReadonlyMap<number, Row>; readonly cuts: ReadonlyMap<number, Cut> },
  ): Map<number, KnownCosines> {
    const found = companionCosines(connection, input, rows, cuts);
    const others = new Map([...cuts].filter(([key]) => !found.has(key)));
    for (const [key, cosines] of this.#sentenceCosines(connection, index, input, others))
      found.set(key, { cosines, byCompanion: null });
    return found;
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
    const terms = this.#dictionary.termsOf(connection, texts);
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

/** Of a question in no language that can be told, so large a share of its words stands in the documents. */
const leastKnown = 0.5;

/** Whether the question is in this language, by its small words or else by what the documents hold of it. */
function isIn(language: string, question: string, words: QueryWords): boolean {
  const detected = detectLanguage(question);
  return detected === null ? knownShare(words) >= leastKnown : detected === language;
}

type KnownCosines = Pick<SeenCut, "cosines" | "byCompanion">;
const unknownCosines: KnownCosines = { cosines: [], byCompanion: null };

/** By the companion's vectors, of those passages in its language that have them. */
function companionCosines(
  connection: Connection,
  { byCompanion, figures }: FuseRequest,
  rows: ReadonlyMap<number, Row>,
  cuts: ReadonlyMap<number, Cut>,
): Map<number, KnownCosines> {
  const { companion } = figures;
  const found = new Map<number, KnownCosines>();
  if (byCompanion === null || companion === undefined) return found;
  const { slope, offset } = companion.ownCosine;
  const keys = [...rows.values()].flatMap(({ key, language }) =>
    language === companion.language ? [key] : [],
  );
  for (const [key, packed] of readCompanionVectors(connection.reader, companion.model, keys)) {
    const cosines = sentenceCosines(packed, byCompanion);
    const most = highest(cosines);
    if (cosines.length !== cuts.get(key)?.spans.length || most === null) continue;
    const asOwn = cosines.map((cosine) => (cosine === null ? null : slope * cosine + offset));
    found.set(key, { cosines: asOwn, byCompanion: most });
  }
  return found;
}

function madeName(path: string, model: string, key: number): string {
  return `${path} ${model} ${key}`;
}
