/** Which words of a question are searched for, and how rare each is. */
import type { Connection } from "../db/transaction.ts";

export interface QueryWord {
  /** The word as it stands in the question. */
  readonly surface: string;
  /** The term as the index holds it (folded and stemmed). */
  readonly term: string;
  /** Passages that hold it. */
  readonly documents: number;
  /** BM25's inverse document frequency as SQLite computes it: ln((N - n + 0.5) / (n + 0.5)), at least 1e-6. */
  readonly idf: number;
}

export interface QueryWords {
  /** All distinct words of the question in their order, those no passage holds included (`documents` 0). */
  readonly all: readonly QueryWord[];
  /** Those that are searched for. */
  readonly searched: readonly QueryWord[];
  readonly passages: number;
}

/** Words in more than this share of the passages say little and cost most of the search's time. */
const commonShare = 0.1;
/** Below this many passages leaving words out saves nothing. */
const commonFrom = 1000;
const maxWords = 64;

/**
 * Cuts the question into words and finds their terms with the index's own tokenizer: a scratch FTS5 table of this
 * connection with the same settings is given the words and its vocabulary read back.
 */
export function analyseQuery(connection: Connection, question: string): QueryWords {
  const { handle, reader } = connection;
  const surfaces = [...new Set(question.slice(0, 4000).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [])].slice(
    0,
    maxWords,
  );
  handle.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.question USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2');
     CREATE VIRTUAL TABLE IF NOT EXISTS temp.question_terms USING fts5vocab (temp, question, instance);
     DELETE FROM temp.question;`,
  );
  const insert = handle.prepare("INSERT INTO temp.question (rowid, text) VALUES (?, ?)");
  for (const [index, surface] of surfaces.entries()) insert.run(index, surface);
  const passages = reader.get<{ n: number }>("SELECT count(*) AS n FROM chunks")?.n ?? 0;
  const rows = reader.all<{ place: number; term: string; documents: number }>(
    `SELECT question.place AS place, question.term AS term, coalesce(vocabulary.doc, 0) AS documents
     FROM (SELECT min(doc) AS place, term FROM temp.question_terms GROUP BY term) AS question
     LEFT JOIN chunk_vocabulary AS vocabulary ON vocabulary.term = question.term
     ORDER BY question.place`,
  );
  const all = rows.map(({ place, term, documents }) => ({
    surface: surfaces[place] ?? term,
    term,
    documents,
    idf: inverseDocumentFrequency(documents, passages),
  }));
  const found = all.filter((word) => word.documents > 0);
  const rare = found.filter((word) => word.documents <= passages * commonShare);
  const searched = passages >= commonFrom && rare.length > 0 ? rare : found;
  return { all, searched, passages };
}

function inverseDocumentFrequency(documents: number, passages: number): number {
  return Math.max(1e-6, Math.log((passages - documents + 0.5) / (documents + 0.5)));
}

/** An FTS5 expression that finds any of the words: letters and digits in quotes, so nothing in them is an operator. */
export function anyOf(words: readonly QueryWord[]): string {
  return words.map((word) => `"${word.surface}"`).join(" OR ");
}
