/** The search thread's part for questions: which stored one a visitor's question is, and what it belongs together with. */
import type { Connection } from "../db/transaction.ts";
import type { DatabaseHandles } from "./database-handles.ts";
import { asksTheSame, contradict } from "./question-agreement.ts";
import { type QuestionIndex, questionIndex, readQuestionVectors } from "./question-vectors.ts";
import { VectorMatrices } from "./vector-matrices.ts";

export interface QuestionRequest {
  readonly path: string;
  readonly question: string;
  /** As a question is embedded. */
  readonly vector: Float32Array;
  readonly model: string;
  /** Cosine from which on two questions are compared by their words. */
  readonly least: number;
}

export interface NearestStored {
  readonly documentId: string;
  /** The wording that it is. */
  readonly wording: string;
  readonly cosine: number;
}

/** Neighbours whose words are compared. */
export const candidates = 16;
/** For either kind of question: about 75,000 of them at 384 dimensions. */
const budget = 64 * 1024 * 1024;

export class QuestionMatch {
  readonly #matrices = {
    stored_questions: new VectorMatrices(budget, readQuestionVectors),
    unanswered_groups: new VectorMatrices(budget, readQuestionVectors),
  };

  constructor(readonly handles: DatabaseHandles) {}

  /** The pair that answers the question, asked in other words. */
  async stored(input: QuestionRequest): Promise<NearestStored | null> {
    return this.#look(input, "stored_questions", (connection, key, cosine) => {
      const row = connection.reader.get<{ documentId: string; wording: string }>(
        "SELECT document_id AS documentId, text AS wording FROM stored_questions WHERE key = ?",
        key,
      );
      return row !== undefined && asksTheSame(input.question, row.wording) ? { ...row, cosine } : null;
    });
  }

  /** The group of unanswered questions that the question belongs to; its key. */
  async group(input: QuestionRequest): Promise<number | null> {
    return this.#look(input, "unanswered_groups", (connection, key) => {
      const row = connection.reader.get<{ question: string }>(
        "SELECT question FROM unanswered_groups WHERE key = ?",
        key,
      );
      return row !== undefined && !contradict(input.question, row.question) ? key : null;
    });
  }

  /** Lets go of what belongs to a connection that is closed. */
  forget(connection: Connection): void {
    for (const matrices of Object.values(this.#matrices)) matrices.forget(connection);
  }

  /** What `take` makes of the nearest question that it takes. */
  #look<T>(
    input: QuestionRequest,
    table: QuestionIndex["table"],
    take: (connection: Connection, key: number, cosine: number) => T | null,
  ): T | null {
    const connection = this.handles.get(input.path);
    // Vectors and texts belong together.
    return connection.snapshot(() => {
      const index = questionIndex(table, input.model, input.vector.length);
      for (const { key, cosine } of this.#nearest(connection, index, input.vector)) {
        if (cosine < input.least) return null;
        const taken = take(connection, key, cosine);
        if (taken !== null) return taken;
      }
      return null;
    });
  }

  #nearest(connection: Connection, index: QuestionIndex, vector: Float32Array) {
    const row = connection.reader.get<{ n: number }>(
      `SELECT count(*) AS n FROM ${index.table} WHERE model = ?`,
      index.model,
    );
    const count = row?.n ?? 0;
    if (count === 0) return [];
    return this.#matrices[index.table].of(connection, index, count)?.nearest(vector, candidates) ?? [];
  }
}
