/** `/api/v1/unanswered`. */
import { z } from "zod";
import { id, list, page, timestamp } from "./common.ts";
import { alternatives, answer, question } from "./documents.ts";

export const unansweredStatus = z.enum(["open", "answered", "dismissed"]);
export const unansweredQuestion = z.object({
  id,
  question: z.string(),
  conversationId: id,
  messageId: id,
  language: z.string().nullable().describe("ISO 639-1, as far as it could be told"),
  confidence: z.number().min(0).max(1),
  askedAt: timestamp,
});
export const unansweredGroup = z.object({
  id,
  question: z.string().describe("the first of them"),
  language: z.string().nullable(),
  status: unansweredStatus,
  count: z.int().describe("how often it was asked"),
  firstAskedAt: timestamp,
  lastAskedAt: timestamp,
  documentId: id.nullable().describe("the answer that was written for it, while that is there"),
  examples: z.array(unansweredQuestion).describe("the last five"),
});
export const unansweredList = list(unansweredGroup);
export const unansweredQuery = page.extend({
  status: unansweredStatus.default("open"),
  sort: z.enum(["count", "recent"]).default("count").describe("most asked, or last asked, first"),
});
export const unansweredDetail = unansweredGroup
  .omit({ examples: true })
  .extend({ items: z.array(unansweredQuestion), nextCursor: z.string().nullable() });
export const unansweredAnswer = z.strictObject({
  answer: answer.describe("given word for word from now on"),
  question: question.optional().describe("left out: the group's own question"),
  alternatives: alternatives.optional().describe("left out: the other wordings of the group"),
});

export type UnansweredGroupBody = z.infer<typeof unansweredGroup>;
export type UnansweredQuestionBody = z.infer<typeof unansweredQuestion>;
