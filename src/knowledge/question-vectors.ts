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
  for (const { key, vector } of keys === null
    ? allRows(reader, table, index.model)
    : rowsOf(reader, table, index.model, keys))
    if (vector.byteLength === index.dims * 4) yield { key, vector: floatsOf(vector) };
}

interface VectorRow extends Record<string, unknown> {
  readonly key: number;
  readonly vector: Uint8Array;
}

function* rowsOf(
  reader: Reader,
  table: QuestionIndex["table"],
  model: string,
  keys: readonly number[],
): Iterable<VectorRow> {
  const statement = `SELECT key, vector FROM ${table} WHERE key = ? AND model = ?`;
  for (const key of keys) {
    const row = reader.get<VectorRow>(statement, key, model);
    if (row !== undefined) yield row;
  }
}

/** Some at a time: all together would be held in memory twice. */
function* allRows(reader: Reader, table: QuestionIndex["table"], model: string): Iterable<VectorRow> {
  const statement = `SELECT key, vector FROM ${table} WHERE model = ? AND key > ? ORDER BY key LIMIT 500`;
  for (let from: number | undefined = 0; from !== undefined; ) {
    const rows: VectorRow[] = reader.all<VectorRow>(statement, model, from);
    yield* rows;
    from = rows.at(-1)?.key;
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
