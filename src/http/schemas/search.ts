/** `/api/v1/search`. */
import { z } from "zod";
import { id, text } from "./common.ts";
import { documentSource } from "./documents.ts";

export const searchRequest = z.strictObject({
  query: text(2000),
  limit: z.int().min(1).max(50).default(5),
  minScore: z.number().min(0).max(1).default(0),
  mode: z.enum(["hybrid", "vector", "keyword"]).default("hybrid"),
  filter: z
    .strictObject({
      documentIds: z.array(id).min(1).max(200).optional(),
      sources: z.array(documentSource).min(1).optional(),
      tags: z.array(text(50)).min(1).max(50).optional().describe("one of these is enough"),
      languages: z
        .array(z.string().regex(/^[a-z]{2,3}$/))
        .min(1)
        .max(20)
        .optional()
        .describe("ISO 639-1"),
      since: z.iso.datetime({ offset: true }).optional().describe("changed at this time or later"),
      until: z.iso.datetime({ offset: true }).optional().describe("changed before this time"),
    })
    .optional()
    .describe("only documents of which all of this is true"),
});
export const searchHit = z.object({
  chunkId: id,
  documentId: id,
  title: z.string(),
  text: z.string(),
  heading: z.string().optional(),
  page: z.int().optional(),
  score: z.number().min(0).max(1).describe("higher is better; comparable between questions"),
  vectorScore: z.number().optional().describe("cosine similarity"),
  keywordScore: z.number().optional().describe("BM25, 0 or more"),
  url: z.string().optional().describe("of a web page"),
  match: z.enum(["vector", "keyword", "hybrid"]),
  reasons: z
    .object({
      meaning: z
        .number()
        .describe(
          "cosine of the passage above what text of no relevance reaches, as a share of what is left to 1",
        ),
      words: z.number().min(0).describe("BM25 divided by the sum of the words' weights"),
      coverage: z
        .number()
        .min(0)
        .max(1)
        .describe("share of the question's words that one sentence holds, weighted by rarity"),
      reranked: z.number().optional().describe("what the reranking model says of it; higher is better"),
      nearestSentence: z
        .number()
        .optional()
        .describe("cosine of the sentence nearest to the question, where there is no `nearestUnderTitle`"),
      nearestUnderTitle: z
        .number()
        .optional()
        .describe(
          "the same by the model for English, which reads each sentence with its document's title; where it is given, the order rests on it instead",
        ),
    })
    .describe("what the order rests on"),
  bestSentence: z
    .object({ start: z.int(), end: z.int() })
    .optional()
    .describe("the sentence that answers best, offsets in `text`"),
});
export const searchResponse = z.object({
  items: z.array(searchHit),
  timings: z.object({
    embedMs: z.number(),
    keywordMs: z.number(),
    vectorMs: z.number(),
    rerankMs: z.number().describe("0 without a reranking model"),
    totalMs: z.number(),
  }),
  notes: z.array(z.string()).describe("what the search could not do, e.g. no vectors yet"),
  words: z
    .array(z.object({ word: z.string(), passages: z.int(), searched: z.boolean() }))
    .describe(
      "of the question, with how many passages hold each; those in half of them are left out, and in a large knowledge base some others until they have been asked for once",
    ),
});

export type SearchRequest = z.infer<typeof searchRequest>;
export type SearchResponse = z.infer<typeof searchResponse>;
export type SearchHitBody = z.infer<typeof searchHit>;
