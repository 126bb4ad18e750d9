/** `/api/v1/conversations`. */
import { z } from "zod";
import { id, list, page, text, timestamp } from "./common.ts";

export const citation = z.object({
  n: z.int(),
  documentId: id,
  chunkId: id,
  title: z.string(),
  page: z.int().optional(),
  quote: z.string().describe("stands word for word in the chunk and in the original's text"),
  url: z.string().optional(),
});
export const confidence = z.object({
  score: z.number().min(0).max(1),
  level: z.enum(["high", "medium", "low"]),
  signals: z.record(z.string(), z.number()),
});
export const action = z.enum(["sent", "sent_with_disclaimer", "sent_for_review", "handed_over", "none"]);
export const usage = z.object({ promptTokens: z.int(), completionTokens: z.int() });

export const message = z.object({
  id,
  seq: z.int().describe("1, 2, 3… within the conversation"),
  author: z.object({
    kind: z.enum(["contact", "assistant", "agent", "system"]),
    id: z.string().optional(),
    name: z.string().optional(),
  }),
  text: z.string(),
  createdAt: timestamp,
  status: z.enum(["sent", "delivered", "read", "failed"]),
  citations: z.array(citation).optional(),
  confidence: confidence.optional(),
  action: action.optional(),
});
export const messageList = list(message);

export const conversationStatus = z.enum(["ai", "human", "snoozed", "resolved"]);
export const conversation = z.object({
  id,
  channel: z.object({ id, kind: z.enum(["webchat", "api"]), name: z.string() }),
  contact: z.object({ id, name: z.string().optional(), email: z.string().optional() }),
  status: conversationStatus,
  handover: z
    .object({
      reason: z.string(),
      requestedBy: z.enum(["visitor", "assistant", "agent", "api"]),
      at: timestamp,
    })
    .optional()
    .describe("why it waits for a person"),
  assignee: z.object({ id: z.string(), name: z.string() }).optional(),
  lastMessage: z.object({ text: z.string(), author: z.string(), at: timestamp }).optional(),
  messageCount: z.int(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export const conversationList = list(conversation);
export const conversationQuery = page.extend({
  status: conversationStatus.optional(),
  channel: z.string().max(100).optional().describe("channel id or kind"),
  assignee: z.string().max(100).optional().describe("id of the person, or `none`"),
  from: z.iso.datetime({ offset: true }).optional().describe("changed at this time or later"),
  to: z.iso.datetime({ offset: true }).optional().describe("changed before this time"),
  waiting: z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .optional()
    .describe("whether a person has to write next"),
  q: z.string().max(200).optional().describe("text in the messages"),
});
export const messageQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe("messages with a higher `seq`"),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export const reply = z.strictObject({ text: text(20_000) });
export const handoverRequest = z.strictObject({ reason: z.string().trim().max(500).optional() });

export const trace = z.object({
  messageId: id,
  answerer: z.string(),
  provider: z.string(),
  model: z.string(),
  totalMs: z.number(),
  steps: z.array(
    z.object({
      name: z.enum(["guard", "match", "search", "prompt", "model", "score", "decide"]),
      startMs: z.number(),
      durationMs: z.number(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
});

export type CitationBody = z.infer<typeof citation>;
export type ConfidenceBody = z.infer<typeof confidence>;
export type MessageBody = z.infer<typeof message>;
export type ConversationBody = z.infer<typeof conversation>;
export type TraceBody = z.infer<typeof trace>;
