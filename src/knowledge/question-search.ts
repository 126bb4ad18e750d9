/** Finds the stored answer to a visitor's question, and the unanswered questions that it belongs together with. */
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Thread } from "../worker-pool.ts";
import { findPair, findWording, hasPairs } from "./question-answer-table.ts";
import type { NearestStored, QuestionRequest } from "./question-match.ts";
import type { KnowledgeSearch } from "./search.ts";

export interface StoredAnswer {
  readonly documentId: string;
  readonly chunkId: string;
  /** The pair's question. */
  readonly title: string;
  /** Word for word as the owner wrote it. */
  readonly answer: string;
  /** What of it stands in the passage `chunkId`, at its beginning. */
  readonly quote: string;
  readonly match: "exact" | "near";
  /** Of the visitor's question with the stored one; 1 when they are the same word for word. */
  readonly cosine: number;
}

export interface QuestionPlace {
  /** Key of the group that it belongs to; null: none. */
  readonly group: number | null;
  /** The vector that was compared and its model; null: there was none, or the model makes no use of it. */
  readonly vector: { readonly model: string; readonly values: Float32Array } | null;
}

export interface QuestionSearchOptions {
  readonly store: TenantStore;
  readonly search: KnowledgeSearch;
  readonly searchThread: Thread;
}

/** A message that is longer says more than one question. */
const longestQuestion = 500;
const longestQuote = 500;

export class QuestionSearch {
  readonly #options: QuestionSearchOptions;

  constructor(options: QuestionSearchOptions) {
    this.#options = options;
  }

  /** The answer that the owner stored for this question; null: none. */
  async answerTo(tenantId: string, question: string): Promise<StoredAnswer | null> {
    if (question.length > longestQuestion) return null;
    const { any, exact } = await this.#options.store.read(tenantId, (reader) => ({
      any: hasPairs(reader),
      exact: findWording(reader, question),
    }));
    if (!any) return null;
    if (exact !== undefined) return this.#load(tenantId, exact, "exact", 1);
    const request = await this.#request(tenantId, question, "near");
    if (request === null) return null;
    const near = await this.#options.searchThread.call<NearestStored | null>("nearestStored", request);
    return near === null ? null : this.#load(tenantId, near.documentId, "near", near.cosine);
  }

  /** Where a question that was not answered belongs. */
  async placeOf(tenantId: string, question: string): Promise<QuestionPlace> {
    const request = await this.#request(tenantId, question, "group");
    if (request === null) return { group: null, vector: null };
    const group = await this.#options.searchThread.call<number | null>("nearestGroup", request);
    return { group, vector: { model: request.model, values: request.vector } };
  }

  /** Null where meaning cannot be compared: the model has no figures for it, or cannot be used at the moment. */
  async #request(
    tenantId: string,
    question: string,
    what: "near" | "group",
  ): Promise<QuestionRequest | null> {
    const { store, search } = this.#options;
    const model = await search.modelOf(tenantId);
    const least = model.retrieval.questions?.[what];
    if (least === undefined) return null;
    const vector = await search.questionVector(model, question);
    if (vector === null) return null;
    return { path: store.databasePath(tenantId), question, vector, model: model.id, least };
  }

  /** Null when the pair was deleted in this moment. */
  async #load(
    tenantId: string,
    documentId: string,
    match: StoredAnswer["match"],
    cosine: number,
  ): Promise<StoredAnswer | null> {
    return this.#options.store.read(tenantId, (reader) => {
      const pair = findPair(reader, documentId);
      if (pair === undefined) return null;
      const { question, answer, chunkId } = pair;
      const passage = reader.get<{ text: string }>("SELECT text FROM chunks WHERE id = ?", chunkId)?.text;
      const quote = sharedStart(answer, passage?.slice(question.length).trimStart() ?? answer);
      return { documentId, chunkId, title: question, answer, quote, match, cosine };
    });
  }
}

/** The beginning that both texts share, of the length of a quote at most. */
function sharedStart(answer: string, passage: string): string {
  let length = 0;
  const most = Math.min(answer.length, passage.length, longestQuote);
  while (length < most && answer[length] === passage[length]) length += 1;
  return answer.slice(0, length === 0 ? longestQuote : length).trimEnd();
}
