/** The one search of the product: the API, the conversation and the tests all call `KnowledgeSearch.search`. */

import { describeError } from "../errors.ts";
import type { ModelEntry } from "../inference/model-manifest.ts";
import { type Anchor, anchorsOf, defaultEmbedder, findModel } from "../inference/model-store.ts";
import { detectLanguage } from "../language.ts";
import type { Logger } from "../log.ts";
import { readSettings } from "../tenants/settings.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Thread } from "../worker-pool.ts";
import type { DocumentFilter } from "./document-filter.ts";
import { activeIndex } from "./embedding-index.ts";
import type { EmbeddingModel, RemoteModel } from "./embedding-model.ts";
import type { QueryWords } from "./query-words.ts";
import {
  parseRemoteName,
  remoteAnchors,
  remoteModelById,
  remoteModelId,
  remoteModelOf,
} from "./remote-embedders.ts";
import type { RemoteEmbedding } from "./remote-embedding.ts";
import { Reranking } from "./rerank.ts";
import { balanceOf, baseLines } from "./scoring.ts";
import type {
  FuseAnswer,
  FuseRequest,
  KeywordAnswer,
  KeywordRequest,
  Passage,
  SearchMode,
  SentenceTexts,
} from "./search-protocol.ts";

export interface SearchOptions {
  readonly question: string;
  readonly limit: number;
  readonly minScore?: number;
  readonly mode?: SearchMode;
  readonly filter?: DocumentFilter;
  /** Asked when vectors of the best passages' sentences are missing: whether to make them, which takes up to half a
   * second, once, and goes on only while nobody else asks. Left out: never. */
  readonly makeSentences?: (found: SearchResult) => boolean;
}

export interface SearchResult {
  readonly passages: readonly Passage[];
  /** Probability that the documents hold an answer, 0..1. */
  readonly answerable: number;
  readonly words: QueryWords;
  /** Words of the question that the nearest sentence does not hold; null: no sentence is known to be the nearest. */
  readonly lacking: readonly string[] | null;
  /** Whether vectors took part. */
  readonly byMeaning: boolean;
  /** How many of the best passages have no vectors of their sentences yet, where the model makes use of them. */
  readonly sentencesMissing: number;
  readonly model: EmbeddingModel;
  readonly timings: {
    /** Until all vectors of the question were there. */
    readonly embedMs: number;
    readonly keywordMs: number;
    readonly vectorMs: number;
    /** 0 where there is no reranking model. */
    readonly rerankMs: number;
    readonly totalMs: number;
  };
  /** What could not be done, in plain words. */
  readonly notes: readonly string[];
}

export interface KnowledgeSearchOptions {
  readonly store: TenantStore;
  readonly dataDir: string;
  readonly embedThread: Thread;
  /** For the companion of the embedding model. */
  readonly companionThread: Thread;
  readonly searchThread: Thread;
  readonly defaultModel: string;
  readonly remote: RemoteEmbedding;
  readonly log: Logger;
}

/** Two a question where there is a companion. */
const cacheSize = 1000;
/** So many of the best by their words are cut up before the question's vector is there. */
const likelyPassages = 8;

export class KnowledgeSearch {
  readonly #options: KnowledgeSearchOptions;
  readonly #reranking: Reranking;
  /** Vectors of questions asked lately: the same starter question is asked by many visitors. */
  readonly #vectors = new Map<string, Float32Array>();
  /** Tenants whose companion had vectors when it was last looked: their questions are embedded by it at once. */
  readonly #accompanied = new Set<string>();

  constructor(options: KnowledgeSearchOptions) {
    this.#options = options;
    this.#reranking = new Reranking(options);
  }

  /** The model that made the tenant's vectors; without any, the one that is set. */
  async modelOf(tenantId: string): Promise<EmbeddingModel> {
    const { index, remote } = await this.#options.store.read(tenantId, (reader) => {
      const found = activeIndex(reader);
      return { index: found, remote: found === null ? null : remoteModelById(reader, tenantId, found.model) };
    });
    if (index === null) return this.wantedModel(tenantId);
    return remote === null ? this.findModel(index.model) : this.#atServer(remote);
  }

  /** The model that is set; it may still be learning the documents. @throws when it is not on this server */
  async wantedModel(tenantId: string): Promise<EmbeddingModel> {
    const { model, remote } = await this.#options.store.read(tenantId, (reader) => {
      const set = readSettings(reader).settings.retrieval.embeddingModel ?? this.#options.defaultModel;
      return { model: set, remote: remoteModelOf(reader, tenantId, set) };
    });
    if (remote === null && parseRemoteName(model) !== null)
      throw new Error(`the embedding model "${model}" was never tried out: choose it again in the settings`);
    return remote === null ? this.findModel(model) : this.#atServer(remote);
  }

  /** @throws when there is no such model on this server */
  findModel(id: string): Promise<ModelEntry> {
    return findModel(id, this.#options.dataDir);
  }

  /**
   * Nobody measured such a model's figures: the default model's say what words are worth beside a cosine above its base
   * line, and base lines were measured when it was chosen. What its sentences are worth is not known, nor from which
   * cosine on two questions may be the same: these figures are left out.
   */
  async #atServer(remote: RemoteModel): Promise<EmbeddingModel> {
    const { maxTokens, retrieval } = await this.findModel(defaultEmbedder);
    const {
      answerableWithSentences: _a,
      quoteWithSentences: _q,
      rank: _r,
      questions: _s,
      companion: _c,
      ...figures
    } = retrieval;
    const { dims, prefixes } = remote;
    return { id: remoteModelId(remote), dims, maxTokens, prefixes, retrieval: figures, remote };
  }

  async #anchorsOf(model: EmbeddingModel): Promise<readonly Anchor[]> {
    if (model.remote === undefined) return anchorsOf(model, this.#options.dataDir);
    const { remote } = model;
    return this.#options.store.read(remote.tenantId, (reader) => remoteAnchors(reader, remote));
  }

  async search(tenantId: string, options: SearchOptions): Promise<SearchResult> {
    const model = await this.modelOf(tenantId);
    const result = await this.#searchWith(model, tenantId, options);
    if (result.byMeaning) return result;
    // The index of another model may have taken over in the middle: ask it.
    const now = await this.modelOf(tenantId);
    return now.id === model.id ? result : this.#searchWith(now, tenantId, options);
  }

  async #searchWith(model: EmbeddingModel, tenantId: string, options: SearchOptions): Promise<SearchResult> {
    const started = performance.now();
    const path = this.#options.store.databasePath(tenantId);
    const mode = options.mode ?? "hybrid";
    const { question } = options;
    const { settings } = await this.#options.store.read(tenantId, readSettings);
    const second = this.#reranking.modelOf(tenantId, settings.retrieval.reranker, mode);
    const reranker = second.model;
    const filter = options.filter === undefined ? {} : { filter: options.filter };
    const embedding = this.#embed(model, question, mode);
    let isEmbedded = false;
    void embedding.then(() => {
      isEmbedded = true;
    });
    const companion = companionFor(model, question, mode);
    const asked: KeywordRequest = {
      path,
      question,
      mode,
      ...filter,
      ...(companion === undefined ? {} : { companion }),
    };
    const early =
      companion !== undefined &&
      this.#accompanied.has(tenantId) &&
      detectLanguage(question) === companion.language
        ? this.#byCompanion(companion.model, question)
        : null;
    const keyword = await this.#options.searchThread.call<KeywordAnswer>("keyword", asked);
    const [embedded, companioned] = await Promise.all([
      embedding,
      companion !== undefined && keyword.asksCompanion
        ? (early ?? this.#byCompanion(companion.model, question))
        : null,
      isEmbedded ? null : this.#prepare(path, keyword),
    ]);
    if (keyword.asksCompanion) this.#accompanied.add(tenantId);
    else if (early !== null) this.#accompanied.delete(tenantId);
    const anchors = await this.#anchorsOf(model);
    const request: FuseRequest = {
      path,
      question: question.slice(0, 500),
      mode,
      ...filter,
      balance: balanceOf(settings.retrieval.meaningShare),
      limit: Math.max(options.limit, reranker?.rerank.depth ?? 0),
      minScore: reranker === null ? (options.minScore ?? 0) : 0,
      vector: embedded.vector,
      bases: baseLines(embedded.vector ?? new Float32Array(), anchors),
      model: model.id,
      byCompanion: companioned?.vector ?? null,
      figures: model.retrieval,
      keyword: keyword.hits,
      words: keyword.words,
    };
    const fuse = async (): Promise<[SearchResult, readonly number[]]> => {
      const fused = await this.#options.searchThread.call<FuseAnswer>("fuse", request);
      const result = {
        passages: fused.passages,
        answerable: fused.answerable,
        words: keyword.words,
        lacking: fused.lacking,
        byMeaning: fused.byMeaning,
        sentencesMissing: fused.withoutSentences.length,
        model,
        timings: {
          embedMs: Math.max(embedded.ms, (companioned?.doneAt ?? started) - started),
          keywordMs: keyword.ms,
          vectorMs: fused.ms,
          rerankMs: 0,
          totalMs: performance.now() - started,
        },
        notes: [...notesOf(embedded.failure, keyword.words.passages, fused.byMeaning, mode), ...second.notes],
      };
      return [result, fused.withoutSentences];
    };
    let [found, missing] = await fuse();
    if (missing.length > 0 && options.makeSentences?.(found) === true)
      if (await this.#makeSentences(path, model, missing)) [found] = await fuse();
    return reranker === null ? found : this.#reranking.apply(tenantId, reranker, found, options);
  }

  /** What has to be done anyway is done while the question is still being embedded. */
  #prepare(path: string, { hits }: KeywordAnswer): Promise<void> {
    const keys = hits.slice(0, likelyPassages).map(({ key }) => key);
    return this.#options.searchThread.call("prepare", { path, keys });
  }

  /** @returns whether any were made */
  async #makeSentences(path: string, model: EmbeddingModel, keys: readonly number[]): Promise<boolean> {
    const missing = await this.#options.searchThread.call<SentenceTexts[]>("sentenceTexts", { path, keys });
    const passages: { key: number; vectors: (Float32Array | null)[] }[] = [];
    for (const { key, texts } of missing) {
      const vectors = await this.#whileNobodyAsks(model, texts);
      if (vectors === null) break;
      passages.push({ key, vectors });
    }
    if (passages.length === 0) return false;
    await this.#options.searchThread.call("keepSentences", { path, model: model.id, passages });
    return true;
  }

  /** One vector a text, made one at a time; null as soon as somebody else's question waits: that comes first. */
  async #whileNobodyAsks(
    model: EmbeddingModel,
    texts: readonly (string | null)[],
  ): Promise<(Float32Array | null)[] | null> {
    const vectors: (Float32Array | null)[] = [];
    for (const text of texts) {
      if (this.#options.embedThread.waiting > 0) return null;
      vectors.push(text === null ? null : ((await this.embedAll(model, [text], "passage"))[0] ?? null));
    }
    return vectors;
  }

  /** Vectors of texts, one model run each; from a model's server within two seconds or not at all. */
  async embedAll(
    model: EmbeddingModel,
    texts: readonly string[],
    kind: "query" | "passage",
  ): Promise<Float32Array[]> {
    if (model.remote !== undefined) return this.#options.remote.now(model.remote, texts, kind);
    return this.#options.embedThread.call<Float32Array[]>("embed", { model: model.id, texts, kind });
  }

  /** The question's vector, made now or lately; null when it cannot be made. */
  async questionVector(model: EmbeddingModel, question: string): Promise<Float32Array | null> {
    return (await this.#embed(model, question, "hybrid")).vector;
  }

  async #embed(
    model: EmbeddingModel,
    question: string,
    mode: SearchMode,
  ): Promise<{ vector: Float32Array | null; ms: number; failure: boolean }> {
    if (mode === "keyword") return { vector: null, ms: 0, failure: false };
    // A model's server is its tenant's own, and so is what comes from it.
    const key = `${model.remote?.tenantId ?? ""} ${model.id}\n${question}`;
    const known = this.#vectors.get(key);
    if (known !== undefined) return { vector: known, ms: 0, failure: false };
    const started = performance.now();
    try {
      const [vector] = await this.embedAll(model, [question], "query");
      if (vector === undefined) return { vector: null, ms: performance.now() - started, failure: true };
      this.#remember(key, vector);
      return { vector, ms: performance.now() - started, failure: false };
    } catch {
      // Words still find a lot: an embedder that is down is a note on the answer, not an error.
      return { vector: null, ms: performance.now() - started, failure: true };
    }
  }

  /** The question's vector by the embedding model's companion; null when it cannot be made: the order is good without. */
  async #byCompanion(
    model: string,
    question: string,
  ): Promise<{ readonly vector: Float32Array; readonly doneAt: number } | null> {
    const key = ` ${model}\n${question}`;
    const known = this.#vectors.get(key);
    if (known !== undefined) return { vector: known, doneAt: 0 };
    try {
      const vector = await this.#options.companionThread.call<Float32Array>("companion", { model, question });
      this.#remember(key, vector);
      return { vector, doneAt: performance.now() };
    } catch (error) {
      this.#options.log.warn("a sentence model could not be used", { model, error: describeError(error) });
      return null;
    }
  }

  #remember(key: string, vector: Float32Array): void {
    this.#vectors.set(key, vector);
    for (const [oldest] of this.#vectors) {
      if (this.#vectors.size <= cacheSize) break;
      this.#vectors.delete(oldest);
    }
  }
}

/** The model's companion, where it may be of use: a long question says enough by itself, and takes long to embed. */
function companionFor({ retrieval }: EmbeddingModel, question: string, mode: SearchMode) {
  const companion = retrieval.companion;
  if (companion === undefined || mode === "keyword") return undefined;
  const words = question.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return words > companion.mostWords ? undefined : companion;
}

function notesOf(failure: boolean, passages: number, byMeaning: boolean, mode: SearchMode): string[] {
  const notes: string[] = [];
  if (passages === 0) notes.push("There are no documents to search yet.");
  if (failure) notes.push("The embedding model could not be used: only words were compared.");
  else if (passages > 0 && !byMeaning && mode !== "keyword")
    notes.push("The meaning of the documents is still being learnt: only words were compared.");
  return notes;
}
