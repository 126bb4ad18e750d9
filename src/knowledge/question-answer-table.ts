/** The `question_answers` and `stored_questions` tables: what an owner wrote, and every wording of it. */
import { z } from "zod";
import type { Reader, Writer } from "../db/transaction.ts";
import { AppError, notFound } from "../errors.ts";
import { questionKey } from "./question-text.ts";

/** A question with the answer that is given to it word for word. */
export interface Pair {
  readonly question: string;
  readonly answer: string;
  /** Other ways to ask. */
  readonly alternatives: readonly string[];
}

export interface StoredPair extends Pair {
  readonly documentId: string;
  /** Id of the pair's first passage, which may still have to be cut. */
  readonly chunkId: string;
  readonly revision: number;
}

interface Row extends Record<string, unknown> {
  readonly documentId: string;
  readonly question: string;
  readonly answer: string;
  readonly alternatives: string;
  readonly chunkId: string;
  readonly revision: number;
}

const selection = `SELECT document_id AS documentId, question, answer, alternatives, chunk_id AS chunkId, revision
  FROM question_answers`;
/** Of one tenant, all wordings counted: their vectors fit the memory that search has for them. */
const mostWordings = 50_000;

function stored(row: Row): StoredPair {
  return { ...row, alternatives: z.array(z.string()).parse(JSON.parse(row.alternatives)) };
}

export function findPair(reader: Reader, documentId: string): StoredPair | undefined {
  const row = reader.get<Row>(`${selection} WHERE document_id = ?`, documentId);
  return row === undefined ? undefined : stored(row);
}

/** @throws AppError not_found */
export function getPair(reader: Reader, documentId: string): StoredPair {
  const found = findPair(reader, documentId);
  if (found === undefined) throw notFound("question");
  return found;
}

/** Pairs whose passages are not those of their last change, in the order in which they came. */
export function pairsToIndex(reader: Reader, limit: number): StoredPair[] {
  return reader.all<Row>(`${selection} WHERE indexed = 0 ORDER BY document_id LIMIT ?`, limit).map(stored);
}

/** Document of the pair that has this wording, word for word. */
export function findWording(reader: Reader, question: string): string | undefined {
  return reader.get<{ id: string }>(
    "SELECT document_id AS id FROM stored_questions WHERE folded = ?",
    questionKey(question),
  )?.id;
}

export function hasPairs(reader: Reader): boolean {
  return reader.get("SELECT 1 FROM question_answers LIMIT 1") !== undefined;
}

/** The wordings that count: without those that are the same but for case, accents or punctuation. */
export function wordingsOf(pair: Pair): string[] {
  const byKey = new Map<string, string>();
  for (const text of [pair.question, ...pair.alternatives]) {
    const key = questionKey(text);
    if (key !== "" && !byKey.has(key)) byKey.set(key, text);
  }
  return [...byKey.values()];
}

/** Stores the pair of a document that is there. @throws AppError conflict when another one has one of its wordings */
export function insertPair(writer: Writer, documentId: string, pair: Pair): void {
  writer.run(
    "INSERT INTO question_answers (document_id, question, answer, alternatives, chunk_id) VALUES (?, ?, ?, ?, ?)",
    documentId,
    pair.question,
    pair.answer,
    JSON.stringify(pair.alternatives),
    Bun.randomUUIDv7(),
  );
  setWordings(writer, documentId, pair);
}

/** Changes a pair; its answer is the new one from now on. @throws AppError conflict, like `insertPair` */
export function updatePair(writer: Writer, documentId: string, pair: Pair): void {
  writer.run(
    `UPDATE question_answers SET question = ?, answer = ?, alternatives = ?, chunk_id = ?,
       revision = revision + 1, indexed = 0 WHERE document_id = ?`,
    pair.question,
    pair.answer,
    JSON.stringify(pair.alternatives),
    Bun.randomUUIDv7(),
    documentId,
  );
  setWordings(writer, documentId, pair);
}

/** Wordings that stay keep their vectors. */
function setWordings(writer: Writer, documentId: string, pair: Pair): void {
  const wordings = wordingsOf(pair);
  const before = writer.all<{ key: number; text: string }>(
    "SELECT key, text FROM stored_questions WHERE document_id = ?",
    documentId,
  );
  for (const { key, text } of before)
    if (!wordings.includes(text)) writer.run("DELETE FROM stored_questions WHERE key = ?", key);
  const kept = new Set(before.map(({ text }) => text));
  for (const text of wordings) {
    if (kept.has(text)) continue;
    const owner = findWording(writer, text);
    if (owner !== undefined) throw taken(writer, owner, text);
    writer.run(
      "INSERT INTO stored_questions (document_id, text, folded) VALUES (?, ?, ?)",
      documentId,
      text,
      questionKey(text),
    );
  }
}

/** What is said when a question has an answer already. */
export function taken(reader: Reader, documentId: string, question: string): AppError {
  const known = getPair(reader, documentId);
  const asked = question.length > 100 ? `${question.slice(0, 100)}…` : question;
  return new AppError(
    "conflict",
    `"${asked}" has an answer already: that of the document "${known.question.slice(0, 100)}" (${documentId}). Change that one, or delete it first.`,
  );
}

/** @throws AppError unprocessable when the tenant has as many wordings as it can have */
export function checkRoom(reader: Reader): void {
  const count = reader.get<{ n: number }>("SELECT count(*) AS n FROM stored_questions")?.n ?? 0;
  if (count >= mostWordings)
    throw new AppError(
      "unprocessable",
      `There are ${count} questions with answers, counting every way to ask them; more than ${mostWordings} cannot be kept. Delete some, or put the rest into a document.`,
    );
}

/** Puts a pair back in line to be indexed. */
export function indexAgain(writer: Writer, documentId: string): void {
  writer.run("UPDATE question_answers SET indexed = 0 WHERE document_id = ?", documentId);
}

/** Notes that the passages are those of this revision. @returns false when it was changed or deleted meanwhile */
export function setIndexed(writer: Writer, documentId: string, revision: number): boolean {
  const { changes } = writer.run(
    "UPDATE question_answers SET indexed = 1 WHERE document_id = ? AND revision = ?",
    documentId,
    revision,
  );
  return changes > 0;
}

/** Removes the pair with all its wordings; the document itself is removed by its job. */
export function deletePair(writer: Writer, documentId: string): void {
  writer.run("DELETE FROM question_answers WHERE document_id = ?", documentId);
}
