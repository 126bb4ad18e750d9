/** Which questions were answered from a document. */
import type { Reader } from "../db/transaction.ts";
import { type Action, type Confidence, confidenceSchema } from "./messages.ts";

export interface DocumentQuestion {
  /** Of the answer. */
  readonly messageId: string;
  readonly conversationId: string;
  readonly question: string;
  readonly askedAt: number;
  /** Of the document: what the answer quoted first. */
  readonly quote: string;
  readonly confidence: Confidence | null;
  readonly action: Action | null;
}

export interface DocumentQuestions {
  readonly questions: readonly DocumentQuestion[];
  /** Only this many of the latest messages were looked through. */
  readonly messages: number;
  /** There are older messages that were not. */
  readonly older: boolean;
}

/** Messages of all kinds that are looked through: about 5 ms. */
const searchedMessages = 3000;
const longestQuestion = 500;

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly conversation_id: string;
  readonly question: string;
  readonly asked_at: number;
  readonly quote: string | null;
  readonly confidence: string | null;
  readonly action: Action | null;
}

/** The latest answers that cite the document, latest first, among the last `searchedMessages` messages. */
export function questionsAbout(reader: Reader, documentId: string, limit: number): DocumentQuestions {
  const rows = reader.all<Row>(
    `SELECT answer.id, answer.conversation_id, substr(asked.text, 1, ?) AS question, asked.created_at AS asked_at,
       answer.confidence, answer.action,
       (SELECT json_extract(value, '$.quote') FROM json_each(answer.citations)
        WHERE json_extract(value, '$.documentId') = ? LIMIT 1) AS quote
     FROM (SELECT * FROM messages ORDER BY id DESC LIMIT ?) AS answer
     JOIN messages AS asked ON asked.id = answer.reply_to
     WHERE answer.citations IS NOT NULL AND instr(answer.citations, ?) > 0
     ORDER BY answer.id DESC LIMIT ?`,
    longestQuestion,
    documentId,
    searchedMessages,
    documentId,
    limit,
  );
  const counted = reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM (SELECT 1 FROM messages ORDER BY id DESC LIMIT ?)",
    searchedMessages + 1,
  );
  const messages = counted?.n ?? 0;
  return {
    questions: rows.map((row) => ({
      messageId: row.id,
      conversationId: row.conversation_id,
      question: row.question,
      askedAt: row.asked_at,
      quote: row.quote ?? "",
      confidence: row.confidence === null ? null : confidenceSchema.parse(JSON.parse(row.confidence)),
      action: row.action,
    })),
    messages: Math.min(messages, searchedMessages),
    older: messages > searchedMessages,
  };
}
