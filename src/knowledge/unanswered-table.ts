/** The `unanswered_groups` and `unanswered_questions` tables: what visitors asked and nothing was found for. */
import type { Reader, SqlValue, Writer } from "../db/transaction.ts";
import { notFound } from "../errors.ts";
import { vectorBytes } from "./embedding-index.ts";
import type { QuestionPlace } from "./question-search.ts";
import { questionKey } from "./question-text.ts";

export type UnansweredStatus = "open" | "answered" | "dismissed";

/** Questions that ask the same. */
export interface UnansweredGroup {
  readonly key: number;
  readonly id: string;
  /** The first of them. */
  readonly question: string;
  readonly language: string | null;
  readonly status: UnansweredStatus;
  readonly count: number;
  readonly firstAskedAt: number;
  readonly lastAskedAt: number;
  /** The answer that was written for it, while that is there. */
  readonly documentId: string | null;
}

export interface UnansweredQuestion {
  readonly id: string;
  readonly question: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly language: string | null;
  /** 0..1 */
  readonly confidence: number;
  readonly askedAt: number;
}

export interface NewUnanswered {
  readonly question: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly language: string | null;
  readonly confidence: number;
  readonly place: QuestionPlace;
}

/** Questions that are kept: beyond it old ones go, dismissed ones first. */
const mostKept = 10_000;
const longestKept = 2_000;
/** Questions of a group that are looked through for other wordings: a popular one has thousands. */
const lookedAt = 500;

type GroupRow = UnansweredGroup & Record<string, unknown>;
type QuestionRow = UnansweredQuestion & Record<string, unknown>;

const groupColumns = `key, id, question, language, status, count, first_asked_at AS firstAskedAt,
  last_asked_at AS lastAskedAt,
  (SELECT documents.id FROM documents WHERE documents.id = document_id AND deleted_at IS NULL) AS documentId`;
const questionColumns = `id, question, conversation_id AS conversationId, message_id AS messageId, language, confidence,
  asked_at AS askedAt`;

/**
 * Notes a question under its group, or starts one. An answered group is open again: its answer was not found.
 * @returns the group, and whether it was not open before; null when this message is noted already
 */
export function noteUnanswered(
  writer: Writer,
  input: NewUnanswered,
): { group: UnansweredGroup; opened: boolean } | null {
  const known = writer.get("SELECT 1 FROM unanswered_questions WHERE message_id = ?", input.messageId);
  if (known !== undefined) return null;
  const question = input.question.replaceAll("\0", "").slice(0, longestKept).toWellFormed();
  const folded = questionKey(question);
  const before = groupOf(writer, input.place.group, folded);
  const now = Date.now();
  const key = before?.key ?? insertGroup(writer, question, folded, input.language, now);
  writer.run(
    `INSERT INTO unanswered_questions
       (id, group_key, question, folded, conversation_id, message_id, language, confidence, asked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    Bun.randomUUIDv7(),
    key,
    question,
    folded,
    input.conversationId,
    input.messageId,
    input.language,
    input.confidence,
    now,
  );
  writer.run(
    `UPDATE unanswered_groups SET count = count + 1, last_asked_at = ?,
       status = CASE status WHEN 'answered' THEN 'open' ELSE status END WHERE key = ?`,
    now,
    key,
  );
  const { vector } = input.place;
  if (before === undefined && vector !== null)
    writer.run(
      "UPDATE unanswered_groups SET model = ?, vector = ? WHERE key = ?",
      vector.model,
      vectorBytes(vector.values),
      key,
    );
  forgetOldest(writer);
  const group = writer.get<GroupRow>(`SELECT ${groupColumns} FROM unanswered_groups WHERE key = ?`, key);
  if (group === undefined) return null;
  return { group, opened: group.status === "open" && before?.status !== "open" };
}

/** The group that was found by meaning, if it is still there, else one whose question is the same word for word. */
function groupOf(
  reader: Reader,
  key: number | null,
  folded: string,
): { key: number; status: UnansweredStatus } | undefined {
  const select = "SELECT key, status FROM unanswered_groups WHERE";
  const near = key === null ? undefined : reader.get<GroupRow>(`${select} key = ?`, key);
  if (near !== undefined || folded === "") return near;
  return reader.get<GroupRow>(`${select} folded = ? ORDER BY key LIMIT 1`, folded);
}

function insertGroup(
  writer: Writer,
  question: string,
  folded: string,
  language: string | null,
  now: number,
): number {
  const { lastInsertRowid } = writer.run(
    `INSERT INTO unanswered_groups (id, question, folded, language, first_asked_at, last_asked_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    Bun.randomUUIDv7(),
    question,
    folded,
    language,
    now,
    now,
  );
  return Number(lastInsertRowid);
}

function forgetOldest(writer: Writer): void {
  const count = writer.get<{ n: number }>("SELECT count(*) AS n FROM unanswered_questions")?.n ?? 0;
  if (count <= mostKept) return;
  const dismissed = writer.get<{ key: number }>(
    "SELECT key FROM unanswered_groups WHERE status = 'dismissed' ORDER BY last_asked_at, id LIMIT 1",
  );
  const oldest =
    dismissed === undefined
      ? writer.get<{ id: string }>("SELECT id FROM unanswered_questions ORDER BY asked_at, id LIMIT 1")
      : writer.get<{ id: string }>(
          "SELECT id FROM unanswered_questions WHERE group_key = ? ORDER BY asked_at, id LIMIT 1",
          dismissed.key,
        );
  if (oldest !== undefined) writer.run("DELETE FROM unanswered_questions WHERE id = ?", oldest.id);
}

/** @throws AppError not_found */
export function getGroup(reader: Reader, id: string): UnansweredGroup {
  const row = reader.get<GroupRow>(`SELECT ${groupColumns} FROM unanswered_groups WHERE id = ?`, id);
  if (row === undefined) throw notFound("unanswered question");
  return row;
}

export type UnansweredSort = "count" | "recent";

/** Most asked or last asked first, after the one that has this value and id. */
export function listGroups(
  reader: Reader,
  options: {
    readonly status: UnansweredStatus;
    readonly sort: UnansweredSort;
    readonly before?: { readonly value: number; readonly id: string } | undefined;
    readonly limit: number;
  },
): UnansweredGroup[] {
  const { status, sort, before, limit } = options;
  const column = sort === "count" ? "count" : "last_asked_at";
  const values: SqlValue[] = before === undefined ? [] : [before.value, before.id];
  return reader.all<GroupRow>(
    `SELECT ${groupColumns} FROM unanswered_groups
     WHERE status = ? ${before === undefined ? "" : `AND (${column}, id) < (?, ?)`}
     ORDER BY ${column} DESC, id DESC LIMIT ?`,
    status,
    ...values,
    limit,
  );
}

/** The questions of a group, the last one first, before the question `before`. */
export function listQuestions(
  reader: Reader,
  group: UnansweredGroup,
  options: {
    readonly before?: { readonly askedAt: number; readonly id: string } | undefined;
    readonly limit: number;
  },
): UnansweredQuestion[] {
  const { before, limit } = options;
  const values: SqlValue[] = before === undefined ? [] : [before.askedAt, before.id];
  return reader.all<QuestionRow>(
    `SELECT ${questionColumns} FROM unanswered_questions
     WHERE group_key = ? ${before === undefined ? "" : "AND (asked_at, id) < (?, ?)"}
     ORDER BY asked_at DESC, id DESC LIMIT ?`,
    group.key,
    ...values,
    limit,
  );
}

/** Distinct wordings of a group, the oldest first, among its first questions. */
export function wordingsIn(reader: Reader, group: UnansweredGroup, limit: number): string[] {
  const rows = reader.all<{ question: string; folded: string }>(
    `SELECT question, folded FROM unanswered_questions WHERE group_key = ? ORDER BY asked_at, id LIMIT ${lookedAt}`,
    group.key,
  );
  const byKey = new Map<string, string>();
  for (const { question, folded } of rows)
    if (folded !== "" && !byKey.has(folded)) byKey.set(folded, question);
  return [...byKey.values()].slice(0, limit);
}

/** The pair's question that is the group's own has its vector at once: other wordings are answered from now on too. */
export function lendVector(writer: Writer, group: UnansweredGroup, documentId: string): void {
  writer.run(
    `UPDATE stored_questions SET (model, vector) = (SELECT model, vector FROM unanswered_groups WHERE key = ?)
     WHERE document_id = ? AND text = ? AND vector IS NULL`,
    group.key,
    documentId,
    group.question,
  );
}

export function setGroupStatus(
  writer: Writer,
  group: UnansweredGroup,
  status: UnansweredStatus,
  documentId: string | null = group.documentId,
): void {
  writer.run(
    "UPDATE unanswered_groups SET status = ?, document_id = ? WHERE key = ?",
    status,
    documentId,
    group.key,
  );
}
