/** The event log of a tenant: everything that happens, written in the transaction in which it happens. */
import type { Writer } from "../db/transaction.ts";

/** Every event there is and what its `data` holds. */
export const eventCatalogue = {
  "document.created": "documentId, title",
  "document.changed": "documentId, title, tags",
  "document.ready": "documentId",
  "document.failed": "documentId, code",
  "document.deleted": "documentId, title",
  "source.crawled": "sourceId, url, found, added, changed, unchanged, removed, skipped, failed, missing",
  "source.failed": "sourceId, url, code",
  "embedding_model.changed": "model",
  "embedding_model.failed": "reason",
  "embedding_model.unavailable": "model, reason",
  "embedding_model.available": "model",
  "conversation.created": "conversationId, channelId",
  "conversation.handed_over": "conversationId, reason, by",
  "conversation.returned": "conversationId, by",
  "conversation.resolved": "conversationId",
  "conversation.reopened": "conversationId",
  "message.received": "conversationId, messageId",
  "message.sent": "conversationId, messageId, author, action",
  "message.delivered": "conversationId, messageId",
  "message.feedback": "messageId, value",
  "question.unanswered": "questionId, conversationId, messageId",
  "question.answered": "questionId, documentId",
  "question.dismissed": "questionId",
  "settings.changed": "version, author",
} as const;

export type EventType = keyof typeof eventCatalogue;

export function appendEvent(writer: Writer, type: EventType, data: Readonly<Record<string, unknown>>): void {
  writer.run(
    "INSERT INTO events (id, type, data, created_at) VALUES (?, ?, ?, ?)",
    Bun.randomUUIDv7(),
    type,
    JSON.stringify(data),
    Date.now(),
  );
}
