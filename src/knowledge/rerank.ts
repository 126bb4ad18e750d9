/** The best passages in the order of a model that reads question and passage together. */
import { describeError } from "../errors.ts";
import type { RerankerEntry, RetrievalFigures } from "../inference/model-manifest.ts";
import { findReranker } from "../inference/model-store.ts";
import type { Logger } from "../log.ts";
import type { Thread } from "../worker-pool.ts";
import { bestSentence } from "./found-passages.ts";
import { type Order, passageScores } from "./scoring.ts";
import type { SearchOptions, SearchResult } from "./search.ts";
import type { Passage, SearchMode } from "./search-protocol.ts";

/** Letters of a passage that are given to the model where it has more: about 500 tokens. */
const mostLetters = 2_500;

const leastLetters = 200;

const unused = "The reranking model could not be used: passages are in the order of search alone.";

export interface RerankingOptions {
  readonly dataDir: string;
  readonly embedThread: Thread;
  readonly log: Logger;
}

/** A reranking model that fails is a note on the answer, not an error: the order of search alone is good too. */
export class Reranking {
  readonly #options: RerankingOptions;

  constructor(options: RerankingOptions) {
    this.#options = options;
  }

  /** The model with this id where it is to be asked; without it, why not. */
  modelOf(
    tenantId: string,
    id: string | null,
    mode: SearchMode,
  ): { readonly model: RerankerEntry | null; readonly notes: readonly string[] } {
    if (id === null || mode !== "hybrid") return { model: null, notes: [] };
    try {
      return { model: findReranker(id, this.#options.dataDir), notes: [] };
    } catch (error) {
      this.#warn(tenantId, id, error);
      return { model: null, notes: [unused] };
    }
  }

  /** What was found, in the model's order and cut to what was asked for. */
  async apply(
    tenantId: string,
    reranker: RerankerEntry,
    found: SearchResult,
    { question, limit, minScore = 0 }: SearchOptions,
  ): Promise<SearchResult> {
    if (found.passages.length === 0) return found;
    const started = performance.now();
    const { answerable, byMeaning, model, timings } = found;
    const done = (passages: readonly Passage[], notes: readonly string[]): SearchResult => {
      const rerankMs = performance.now() - started;
      return {
        ...found,
        passages: passages.filter(({ score }) => score >= minScore).slice(0, limit),
        timings: { ...timings, rerankMs, totalMs: timings.totalMs + rerankMs },
        notes,
      };
    };
    try {
      const values = await this.#values(reranker, question.slice(0, 500), found.passages);
      const order = { answerable, byMeaning, passages: found.words.passages };
      const { weight } = reranker.rerank;
      return done(reordered(found.passages, values, weight, order, model.retrieval), found.notes);
    } catch (error) {
      this.#warn(tenantId, reranker.id, error);
      return done(found.passages, [...found.notes, unused]);
    }
  }

  /** Of the `depth` best passages, in their order. */
  #values(
    { id, maxTokens, rerank }: RerankerEntry,
    question: string,
    passages: readonly Passage[],
  ): Promise<number[]> {
    // Four letters a token, and room for the question: what does not fit is read from its best sentence on.
    const room = Math.max(leastLetters, maxTokens * 4 - question.length);
    const texts = passages
      .slice(0, rerank.depth)
      .map((passage) => bestPart(passage, Math.min(mostLetters, room)));
    return this.#options.embedThread.call<number[]>("rerank", { model: id, question, texts });
  }

  #warn(tenantId: string, model: string, error: unknown): void {
    const reason = { tenantId, model, error: describeError(error) };
    this.#options.log.warn("a reranking model could not be used", reason);
  }
}

/** From the sentence before the best one on, where the whole is too long. */
export function bestPart(passage: Passage, letters: number): string {
  const { text, sentences } = passage;
  if (text.length <= letters) return text;
  const best = bestSentence(passage);
  const before = sentences.findLast(({ start }) => best !== null && start < best.start);
  const from = Math.min(before?.start ?? 0, text.length - letters);
  return text.slice(from, from + letters);
}

/**
 * Orders by what search alone found, plus the model's value by its weight. Passages that it did not read come after
 * those that it did, as they were.
 *
 * @param values of the first passages, in their order
 */
export function reordered(
  passages: readonly Passage[],
  values: readonly number[],
  weight: number,
  order: Omit<Order, "values">,
  figures: RetrievalFigures,
): Passage[] {
  const least = Math.min(...values);
  const sums = passages.map((passage, index) => ({
    passage: { ...passage, reranked: values[index] ?? null },
    value: passage.ranked + weight * (values[index] ?? least),
  }));
  const read = sums.slice(0, values.length).sort((a, b) => b.value - a.value);
  const lowest = read.at(-1)?.value ?? 0;
  const rest = sums.slice(values.length).map((item) => ({ ...item, value: Math.min(item.value, lowest) }));
  const all = [...read, ...rest];
  const scores = passageScores({ ...order, values: all.map(({ value }) => value) }, figures);
  return all.map(({ passage }, index) => ({ ...passage, score: scores[index] ?? 0 }));
}
