/** The best passages in the order of a model that reads question and passage together. */
import type { RerankerEntry, RetrievalFigures } from "../inference/model-manifest.ts";
import type { Thread } from "../worker-pool.ts";
import { type Order, passageScores } from "./scoring.ts";
import type { Passage } from "./search-protocol.ts";

/** Letters of a passage that are given to the model where it has more: about 500 tokens. */
const mostLetters = 2_500;

/**
 * Values of the `depth` best passages, in their order. @throws WorkerError when the model is not there or fails
 */
export function rerankValues(
  thread: Thread,
  { id, maxTokens, rerank }: RerankerEntry,
  question: string,
  passages: readonly Passage[],
): Promise<number[]> {
  // Four letters a token, and room for the question: what does not fit is read from its best sentence on.
  const letters = Math.min(mostLetters, maxTokens * 4 - question.length);
  const texts = passages.slice(0, rerank.depth).map((passage) => bestPart(passage, letters));
  return thread.call<number[]>("rerank", { model: id, question, texts });
}

/** From the sentence before the best one on, where the whole is too long. */
export function bestPart({ text, sentences }: Passage, letters: number): string {
  if (text.length <= letters) return text;
  const value = ({ cosine, coverage }: Passage["sentences"][number]) => (cosine ?? 0) + coverage;
  let best = 0;
  for (const [index, sentence] of sentences.entries()) {
    const known = sentences[best];
    if (known !== undefined && value(sentence) > value(known)) best = index;
  }
  const from = Math.min(sentences[Math.max(0, best - 1)]?.start ?? 0, text.length - letters);
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
