/** What is known of a model: a manifest entry, the same for built-in models and those added to the data folder. */
import { z } from "zod";

/**
 * How search with this model's vectors is scored. Every figure is measured with `bench/retrieval.ts` for the model
 * it stands with; see docs/decisions on retrieval for how.
 */
export const retrievalSchema = z.strictObject({
  /** Candidates below this cosine are not found by meaning. */
  minCosine: z.number(),
  /** score = 1 / (1 + e^-(bias + cosine*c + keyword*k)), c per unit of cosine, k per unit of BM25. */
  fusion: z.strictObject({ bias: z.number(), cosine: z.number(), keyword: z.number() }),
  /** Known / not known: a logistic over named features, and the threshold on it. */
  support: z.strictObject({
    bias: z.number(),
    weights: z.record(z.string(), z.number()),
    threshold: z.number().min(0).max(1),
  }),
});
export type RetrievalFigures = z.infer<typeof retrievalSchema>;

export const modelEntry = z.object({
  id: z.string().regex(/^[a-zA-Z0-9._-]{1,100}$/),
  task: z.literal("embedding"),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
  dims: z.int().min(1).max(8192),
  maxTokens: z.int().min(8),
  prefixes: z.object({ query: z.string(), passage: z.string() }),
  licence: z.string(),
  retrieval: retrievalSchema,
});
export type ModelEntry = z.infer<typeof modelEntry>;

export const manifestSchema = z.object({ models: z.array(modelEntry) });
