/**
 * Vectors of questions: of those that have an answer, and of those that wait for one. Each stands in its question's
 * row, embedded as a question on both sides of a comparison, so that the cosine does not depend on which was first.
 */
import type { Reader, Writer } from "../db/transaction.ts";
import { type EmbeddingIndex, floatsOf, type StoredVector, vectorBytes } from "./embedding-index.ts";

export interface QuestionIndex extends EmbeddingIndex {
  readonly table: "stored_questions" | "unanswered_groups";
}

/** Under these ids the triggers of the tables write into `vector_changes`; no vec0 table has them. */
const ids = { stored_questions: 0, unanswered_groups: -1 } as const;
const textOf = { stored_questions: "text", unanswered_groups: "question" } as const;

export function questionIndex(table: QuestionIndex["table"], model: string, dims: number): QuestionIndex {
  return { table, id: ids[table], model, dims };
}

/** The vectors with these keys, or all of them, as far as they are of the index's model. */
export function* readQuestionVectors(
  reader: Reader,
  index: EmbeddingIndex,
  keys: readonly number[] | null,
): Iterable<StoredVector> {
  const table = index.id === ids.stored_questions ? "stored_questions" : "unanswered_groups";
  const wanted =
    keys ??
    reader
      .all<{ key: number }>(`SELECT key FROM ${table} WHERE model = ?`, index.model)
      .map(({ key }) => key);
  const statement = `SELECT vector FROM ${table} WHERE key = ? AND model = ?`;
  for (const key of wanted) {
    const row = reader.get<{ vector: Uint8Array }>(statement, key, index.model);
    if (row !== undefined && row.vector.byteLength === index.dims * 4)
      yield { key, vector: floatsOf(row.vector) };
  }
}

export interface WaitingQuestion {
  readonly table: QuestionIndex["table"];
  readonly key: number;
  readonly text: string;
}

/** Questions of either table that have no vector of this model. */
export function withoutVectors(reader: Reader, model: string, limit: number): WaitingQuestion[] {
  const found: WaitingQuestion[] = [];
  for (const table of ["stored_questions", "unanswered_groups"] as const) {
    const rows = reader.all<{ key: number; text: string }>(
      `SELECT key, ${textOf[table]} AS text FROM ${table} WHERE model IS NULL OR model < ? OR model > ? LIMIT ?`,
      model,
      model,
      limit - found.length,
    );
    for (const row of rows) found.push({ table, ...row });
  }
  return found;
}

/** Stores it, if the question is still there. */
export function setQuestionVector(
  writer: Writer,
  question: WaitingQuestion,
  model: string,
  vector: Float32Array,
): void {
  writer.run(
    `UPDATE ${question.table} SET model = ?, vector = ? WHERE key = ? AND ${textOf[question.table]} = ?`,
    model,
    vectorBytes(vector),
    question.key,
    question.text,
  );
}
