/** The `messages` and `traces` tables of a tenant. */
import { and, asc, eq, gt } from "drizzle-orm";
import { z } from "zod";
import { messages } from "../db/tenant-schema.ts";
import type { Reader, Writer } from "../db/transaction.ts";

export type AuthorKind = "contact" | "assistant" | "agent" | "system";
export type MessageStatus = "sent" | "delivered" | "read" | "failed";
export type Action = "sent" | "sent_with_disclaimer" | "sent_for_review" | "handed_over" | "none";

const citationSchema = z.object({
  n: z.int(),
  documentId: z.string(),
  chunkId: z.string(),
  title: z.string(),
  page: z.int().optional(),
  quote: z.string(),
  url: z.string().optional(),
});
export const confidenceSchema = z.object({
  score: z.number(),
  level: z.enum(["high", "medium", "low"]),
  signals: z.record(z.string(), z.number()),
});

export interface Citation {
  readonly n: number;
  readonly documentId: string;
  readonly chunkId: string;
  readonly title: string;
  readonly page?: number | undefined;
  /** Stands word for word in the chunk. */
  readonly quote: string;
  /** Of a web page. */
  readonly url?: string | undefined;
}

export interface Confidence {
  /** 0..1 */
  readonly score: number;
  readonly level: "high" | "medium" | "low";
  readonly signals: Readonly<Record<string, number>>;
}

export interface StoredMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly authorKind: AuthorKind;
  readonly authorId: string | null;
  readonly authorName: string | null;
  readonly text: string;
  readonly status: MessageStatus;
  readonly providerMessageId: string | null;
  readonly replyTo: string | null;
  readonly citations: readonly Citation[] | null;
  readonly confidence: Confidence | null;
  readonly action: Action | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly createdAt: number;
}

export interface NewMessage {
  readonly conversationId: string;
  readonly channelId: string;
  readonly authorKind: AuthorKind;
  readonly authorId?: string;
  readonly authorName?: string;
  readonly text: string;
  readonly status?: MessageStatus;
  readonly providerMessageId?: string;
  readonly replyTo?: string;
  readonly citations?: readonly Citation[];
  readonly confidence?: Confidence;
  readonly action?: Action;
  readonly provider?: string;
  readonly model?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
}

type Row = typeof messages.$inferSelect;

function fromRow(row: Row): StoredMessage {
  const { citations, confidence, channelId: _channelId, ...rest } = row;
  return {
    ...rest,
    citations: citations === null ? null : z.array(citationSchema).parse(JSON.parse(citations)),
    confidence: confidence === null ? null : confidenceSchema.parse(JSON.parse(confidence)),
  };
}

/** Appends a message: takes the conversation's next sequence number. */
export function insertMessage(writer: Writer, input: NewMessage): StoredMessage {
  const now = Date.now();
  const counted = writer.get<{ seq: number }>(
    "SELECT last_seq + 1 AS seq FROM conversations WHERE id = ?",
    input.conversationId,
  );
  if (counted === undefined) throw new Error(`there is no conversation ${input.conversationId}`);
  writer.run(
    "UPDATE conversations SET last_seq = ?, updated_at = ? WHERE id = ?",
    counted.seq,
    now,
    input.conversationId,
  );
  const row: Row = {
    id: Bun.randomUUIDv7(),
    conversationId: input.conversationId,
    seq: counted.seq,
    authorKind: input.authorKind,
    authorId: input.authorId ?? null,
    authorName: input.authorName ?? null,
    text: input.text,
    status: input.status ?? "sent",
    channelId: input.channelId,
    providerMessageId: input.providerMessageId ?? null,
    replyTo: input.replyTo ?? null,
    citations: input.citations === undefined ? null : JSON.stringify(input.citations),
    confidence: input.confidence === undefined ? null : JSON.stringify(input.confidence),
    action: input.action ?? null,
    provider: input.provider ?? null,
    model: input.model ?? null,
    promptTokens: input.promptTokens ?? null,
    completionTokens: input.completionTokens ?? null,
    createdAt: now,
  };
  writer.db.insert(messages).values(row).run();
  return fromRow(row);
}

/** In order, after sequence number `after`. */
export function listMessages(
  reader: Reader,
  conversationId: string,
  after: number,
  limit: number,
): StoredMessage[] {
  return reader.db
    .select()
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), gt(messages.seq, after)))
    .orderBy(asc(messages.seq))
    .limit(limit)
    .all()
    .map(fromRow);
}

/** The last `limit` messages before `beforeSeq`, in order. */
export function lastMessages(
  reader: Reader,
  conversationId: string,
  beforeSeq: number,
  limit: number,
): StoredMessage[] {
  return reader
    .all<{ id: string }>(
      "SELECT id FROM messages WHERE conversation_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
      conversationId,
      beforeSeq,
      limit,
    )
    .map((row) => findMessage(reader, conversationId, row.id))
    .filter((message) => message !== undefined)
    .reverse();
}

/** Looked up together with its conversation: a message of another conversation is not found. */
export function findMessage(reader: Reader, conversationId: string, id: string): StoredMessage | undefined {
  const row = reader.db
    .select()
    .from(messages)
    .where(and(eq(messages.id, id), eq(messages.conversationId, conversationId)))
    .get();
  return row === undefined ? undefined : fromRow(row);
}

export function findByProviderId(
  reader: Reader,
  channelId: string,
  providerMessageId: string,
): StoredMessage | undefined {
  const row = reader.db
    .select()
    .from(messages)
    .where(and(eq(messages.channelId, channelId), eq(messages.providerMessageId, providerMessageId)))
    .get();
  return row === undefined ? undefined : fromRow(row);
}

/** The answer to a contact's message, if it was given. */
export function findReply(reader: Reader, messageId: string): StoredMessage | undefined {
  const row = reader.db.select().from(messages).where(eq(messages.replyTo, messageId)).get();
  return row === undefined ? undefined : fromRow(row);
}

const rank: Record<MessageStatus, number> = { failed: 0, sent: 1, delivered: 2, read: 3 };

/** Moves a message's status forward; never back. @returns whether it changed. */
export function advanceStatus(writer: Writer, id: string, status: MessageStatus): boolean {
  const row = writer.db.select({ status: messages.status }).from(messages).where(eq(messages.id, id)).get();
  if (row === undefined || rank[row.status] >= rank[status]) return false;
  writer.db.update(messages).set({ status }).where(eq(messages.id, id)).run();
  return true;
}

export function insertTrace(writer: Writer, messageId: string, body: unknown): void {
  writer.run(
    "INSERT INTO traces (message_id, body, created_at) VALUES (?, ?, ?)",
    messageId,
    JSON.stringify(body),
    Date.now(),
  );
}

/** The stored trace of a message of this conversation, as it was written. */
export function findTrace(reader: Reader, conversationId: string, messageId: string): unknown {
  const row = reader.get<{ body: string }>(
    `SELECT traces.body FROM traces JOIN messages ON messages.id = traces.message_id
     WHERE traces.message_id = ? AND messages.conversation_id = ?`,
    messageId,
    conversationId,
  );
  return row === undefined ? undefined : JSON.parse(row.body);
}

export function recordFeedback(
  writer: Writer,
  messageId: string,
  value: "up" | "down",
  reason: string | null,
): void {
  writer.run(
    `INSERT INTO feedback (message_id, value, reason, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (message_id) DO UPDATE SET value = excluded.value, reason = excluded.reason, created_at = excluded.created_at`,
    messageId,
    value,
    reason,
    Date.now(),
  );
}
