/** What is known of a model: a manifest entry, the same for built-in models and those added to the data folder. */
import { z } from "zod";

const rescoreWeights = z.strictObject({
  /** Of the cosine above the base of unrelated text, as a share of what is left to 1. */
  cosine: z.number(),
  /** Of BM25 divided by the sum of the question's inverse document frequencies. */
  keyword: z.number(),
  /** Of the best sentence's share of the question's words, weighted by rarity. */
  sentence: z.number(),
  /** The same for two neighbouring sentences. */
  sentencePair: z.number(),
});

const answerable = z.strictObject({ rescored: z.number(), size: z.number(), bias: z.number() });

/** Orders passages once their sentences count too: added to the rescored value. */
const rankWeights = z.strictObject({
  /** Of the nearest sentence's cosine above the base, as a share of what is left to 1. */
  nearest: z.number(),
  keyword: z.number(),
  sentence: z.number(),
  /** What stands in for the nearest sentence of a passage whose sentences have no vectors yet: a linear guess. */
  guess: z.strictObject({ cosine: z.number(), sentence: z.number(), bias: z.number() }),
  score: z.strictObject({
    /** Of the logit of the probability that the documents hold an answer at all. */
    answerable: z.number(),
    gap: z.number(),
    margin: z.number(),
    maxMargin: z.number(),
    bias: z.number(),
  }),
});

const quoteWeights = z.strictObject({
  /** Of the passage's rescored value. */
  rescored: z.number(),
  /** Of the sentence's cosine with the question. */
  cosine: z.number(),
  /** Of the sentence's share of the question's words, weighted by rarity. */
  coverage: z.number(),
});

const withSentences = z.strictObject({
  rescored: z.number(),
  /** Of the nearest sentence's cosine. */
  sentence: z.number(),
  /** Of how much nearer it is than the next three, which counts up to `maxGap`. */
  gap: z.number(),
  maxGap: z.number(),
  /** Of ln of the number of passages, and of its square. */
  size: z.number(),
  sizeSquared: z.number(),
  /** Of ln(1 + words of the question that say something of their own), also times size, rescored value and cosine. */
  length: z.number(),
  lengthBySize: z.number(),
  rescoredByLength: z.number(),
  sentenceByLength: z.number(),
  /** Of the share of these words that the nearest sentence lacks, the less the more passages there are. */
  lackingAmongFew: z.number(),
  bias: z.number(),
  /** What the question says and the nearest sentence does not (`knowledge/question-fit.ts`). */
  doubt: z.strictObject({
    sentence: z.number(),
    missing: z.number(),
    numbers: z.number(),
    negated: z.number(),
    bias: z.number(),
    /** From this ln of the number of passages on it counts in full. */
    fullSize: z.number().positive(),
  }),
});

/**
 * A second model for one language, and the figures of everything where question and passages are in it and their
 * sentences have that model's vectors.
 */
const companionFigures = z.strictObject({
  model: z.string(),
  /** ISO 639-1 */
  language: z.string(),
  /** Questions of more words do without it. */
  mostWords: z.int(),
  /** Where there are more, the time is needed for looking through them. */
  mostPassages: z.int(),
  /** Makes of its cosine about what the embedding model's would be: `answerable` and `quote` are of that. */
  ownCosine: z.strictObject({ slope: z.number(), offset: z.number() }),
  /** `nearest` is of its cosine as it is. The values are comparable to those of passages without its vectors. */
  rank: rescoreWeights.extend({ nearest: z.number(), bias: z.number() }),
  answerable: withSentences,
  quote: quoteWeights,
});

/**
 * How search with this model's vectors is scored. Every figure is measured for the model it stands with
 * (`bench/retrieval.ts`); docs/decisions/2026-11-22-retrieval-scores.md says how. `knowledge/scoring.ts` has the
 * formulas.
 */
export const retrievalSchema = z.strictObject({
  firstStage: z.strictObject({ cosine: z.number(), keyword: z.number(), keep: z.int().min(1) }),
  rescore: rescoreWeights,
  rescoreWithoutVectors: rescoreWeights,
  /** The number of passages counts no further than this. */
  sizeCap: z.int(),
  /** Found by meaning: a cosine above the base by more than this share. */
  minCosine: z.number(),
  score: z.strictObject({
    rescored: z.number(),
    gap: z.number(),
    margin: z.number(),
    maxMargin: z.number(),
    size: z.number(),
    bias: z.number(),
  }),
  /** Where vectors of sentences are worth it. */
  rank: rankWeights.optional(),
  answerable,
  answerableWithoutVectors: answerable,
  /** Once the sentences of the best passages have vectors; without it they are not made. */
  answerableWithSentences: withSentences
    .extend({
      /** For questions in another language than the documents, of whose words a smaller share than this stands in them. */
      foreign: z.strictObject({
        below: z.number(),
        sentence: z.number(),
        base: z.number(),
        gap: z.number(),
        size: z.number(),
        bias: z.number(),
      }),
    })
    .optional(),
  /** Answered at or above this; measured so that at most a tenth of what the documents do not hold is answered. */
  answerThreshold: z.number().min(0).max(1),
  /** For choosing what to quote: log of how likely a sentence is to be the answer, up to what all share. */
  quote: quoteWeights,
  /** The same once the sentences have vectors. */
  quoteWithSentences: quoteWeights.optional(),
  /**
   * Cosines of two questions, both embedded as questions, from which on they may be the same question, and belong
   * together where they wait for an answer; their words have a say too. Without it only equal words count.
   */
  questions: z.strictObject({ near: z.number().max(1), group: z.number().max(1) }).optional(),
  companion: companionFigures.optional(),
});
export type RetrievalFigures = z.infer<typeof retrievalSchema>;

const anyModel = {
  id: z.string().regex(/^[a-zA-Z0-9._-]{1,100}$/),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
  maxTokens: z.int().min(8),
  licence: z.string(),
};

const vectorModel = {
  ...anyModel,
  dims: z.int().min(1).max(8192),
  prefixes: z.object({ query: z.string(), passage: z.string() }),
};

export const modelEntry = z.object({
  ...vectorModel,
  task: z.literal("embedding"),
  retrieval: retrievalSchema,
});
export type ModelEntry = z.infer<typeof modelEntry>;

/** Beside an embedding model that names it: orders passages in one language by vectors of their sentences. */
export const companionEntry = z.object({ ...vectorModel, task: z.literal("sentences") });
export type CompanionEntry = z.infer<typeof companionEntry>;

/**
 * A cross-encoder: reads question and passage together and says how well they fit. Inputs `input_ids`, `attention_mask`
 * and, where it has them, `token_type_ids`; output one value a pair, or two (does not fit, fits).
 */
export const rerankerEntry = z.object({
  ...anyModel,
  task: z.literal("reranking"),
  rerank: z.strictObject({
    /** So many of the best passages are read. */
    depth: z.int().min(2).max(50),
    /** What a unit of its value (a logit) weighs beside what search alone orders passages by. */
    weight: z.number().positive(),
  }),
});
export type RerankerEntry = z.infer<typeof rerankerEntry>;

export const manifestSchema = z.object({
  models: z.array(z.discriminatedUnion("task", [modelEntry, companionEntry, rerankerEntry])),
});
export type AnyModel = ModelEntry | CompanionEntry | RerankerEntry;

/** Of a model's files those that the product reads: not what tests compare with, nor a tokenizer that is packed as well. */
export function filesInUse({ id, files }: AnyModel): AnyModel["files"] {
  const isPacked = files.some(({ path }) => path === `${id}/tokenizer.bin`);
  return files.filter(
    ({ path }) => path !== `${id}/golden.json` && !(isPacked && path === `${id}/tokenizer.json`),
  );
}
