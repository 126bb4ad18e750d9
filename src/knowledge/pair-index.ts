/** The ingest thread's part for questions with answers: their passages, and the vectors of questions. */
import type { Reader, Writer } from "../db/transaction.ts";
import type { Embedder } from "../inference/embedder.ts";
import { type ChunkDraft, chunkDocument } from "./chunker.ts";
import type { Cutting } from "./cutting.ts";
import type { DatabaseHandles } from "./database-handles.ts";
import { documentLanguage } from "./document-language.ts";
import { activeIndex, createIndex, insertVector } from "./embedding-index.ts";
import { Kept } from "./kept.ts";
import type { Block } from "./loaders/loader.ts";
import { replacePassages } from "./passage-table.ts";
import { passageText } from "./passage-text.ts";
import { findPair, type Pair, pairsToIndex, type StoredPair } from "./question-answer-table.ts";
import { setQuestionVector, type WaitingQuestion, withoutVectors } from "./question-vectors.ts";

export interface MakePairs extends Cutting {
  readonly path: string;
  /** False: the vectors of passages are made elsewhere, afterwards. */
  readonly embed: boolean;
  /** Whether the model's figures say what vectors of questions are worth. */
  readonly withQuestions: boolean;
}

export interface MadePairs {
  readonly ticket: number;
  readonly documents: readonly {
    readonly id: string;
    readonly revision: number;
    readonly language: string | null;
  }[];
}

interface PairDraft {
  readonly pair: StoredPair;
  readonly chunks: readonly ChunkDraft[];
  readonly vectors: readonly Float32Array[];
  /** ISO 639-1; null: nothing tells. */
  readonly language: string | null;
}

interface Pending {
  readonly path: string;
  readonly model: string;
  readonly drafts: readonly PairDraft[];
  readonly questions: readonly { readonly question: WaitingQuestion; readonly vector: Float32Array }[];
}

/** Pairs, characters of them, and vectors of questions that are made in one step: about half a second. */
const mostPairs = 8;
const mostCharacters = 6_000;
const mostQuestions = 16;

export class PairIndex {
  readonly #pending = new Kept<Pending>();

  constructor(
    readonly handles: DatabaseHandles,
    readonly embedderOf: (model: string) => Promise<Embedder>,
  ) {}

  /**
   * Cuts and embeds the next pairs that were not indexed since their last change, and then questions without vectors.
   * What was made waits for `write`, which takes the ticket. @returns null when there was nothing to make
   */
  async make(input: MakePairs): Promise<MadePairs | null> {
    const { reader } = this.handles.get(input.path);
    const pairs = nextPairs(reader);
    // Pairs first: they are searched as passages too.
    const questions =
      input.withQuestions && pairs.length === 0 ? withoutVectors(reader, input.model, mostQuestions) : [];
    if (pairs.length === 0 && questions.length === 0) return null;
    const embedder = await this.embedderOf(input.model);
    const drafts: PairDraft[] = [];
    for (const pair of pairs) drafts.push(await draftOf(pair, embedder, input));
    const made: { question: WaitingQuestion; vector: Float32Array }[] = [];
    for (const question of questions) {
      const [vector] = await embedder.embed([question.text], "query");
      if (vector !== undefined) made.push({ question, vector });
    }
    const ticket = this.#pending.keep({ path: input.path, model: input.model, drafts, questions: made });
    const documents = drafts.map(({ pair, language }) => ({
      id: pair.documentId,
      revision: pair.revision,
      language,
    }));
    return { ticket, documents };
  }

  /** Writes what `make` made, as far as the pairs are still the same. */
  async write(input: { ticket: number; dims: number }): Promise<void> {
    const pending = this.#pending.take(input.ticket);
    this.handles.get(pending.path).transact((writer) => {
      for (const draft of pending.drafts) writeDraft(writer, draft, pending.model, input.dims);
      for (const { question, vector } of pending.questions)
        setQuestionVector(writer, question, pending.model, vector);
    });
  }
}

function nextPairs(reader: Reader): StoredPair[] {
  let characters = 0;
  return pairsToIndex(reader, mostPairs).filter(({ question, answer }, index) => {
    characters += question.length + answer.length;
    return index === 0 || characters <= mostCharacters;
  });
}

async function draftOf(pair: StoredPair, embedder: Embedder, input: MakePairs): Promise<PairDraft> {
  const { text, blocks } = documentOf(pair);
  const chunks = chunkDocument(text, blocks, pair.question, {
    maxTokens: input.maxTokens,
    overlapTokens: input.overlapTokens,
    countTokens: (part) => embedder.tokenizer.count(part),
  });
  const vectors: Float32Array[] = [];
  for (const chunk of input.embed ? chunks : [])
    vectors.push(...(await embedder.embed([passageText(pair.question, chunk.text)], "passage")));
  const language = await documentLanguage(`${pair.question}\n${pair.answer}`);
  return { pair, chunks, vectors, language };
}

/** The pair as a document: the question is the heading, the answer the text below it, word for word. */
export function documentOf({ question, answer }: Pair): { text: string; blocks: Block[] } {
  const from = question.length + 2;
  const paragraphs = [...answer.matchAll(/\S(?:[^\n]|\n(?![^\S\n]*\n))*/g)].map(
    (match): Block => ({ kind: "paragraph", text: match[0].trimEnd(), start: from + match.index }),
  );
  const heading: Block = { kind: "heading", level: 1, text: question, start: 0 };
  return { text: `${question}\n\n${answer}`, blocks: [heading, ...paragraphs] };
}

function writeDraft(
  writer: Writer,
  { pair, chunks, vectors, language }: PairDraft,
  model: string,
  dims: number,
): void {
  const { documentId, question, chunkId, revision } = pair;
  if (findPair(writer, documentId)?.revision !== revision) return;
  const written = replacePassages(writer, documentId, {
    title: question,
    chunks,
    firstId: chunkId,
    language,
  });
  if (vectors.length === 0) return;
  const index = activeIndex(writer) ?? createIndex(writer, model, dims, "active");
  // The model was changed meanwhile: the next step makes these anew.
  if (index.model !== model) return;
  const now = Date.now();
  for (const [position, { key, embedded }] of written.entries()) {
    const vector = vectors[position];
    if (vector === undefined || embedded) continue;
    insertVector(writer, index, key, vector);
    writer.run("UPDATE chunks SET embedded_at = ? WHERE key = ?", now, key);
  }
  writer.run(
    "UPDATE documents SET embedded = ?, updated_at = ? WHERE id = ?",
    written.length,
    now,
    documentId,
  );
}
