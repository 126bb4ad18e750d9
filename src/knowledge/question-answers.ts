/** Questions with the answers that are given to them word for word: from the owner to the index. */
import { createHash } from "node:crypto";
import type { Writer } from "../db/transaction.ts";
import { AppError, isDiskFull } from "../errors.ts";
import { appendEvent } from "../events/event-log.ts";
import type { JobContext, JobHandler, JobWriter } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { readSettings } from "../tenants/settings.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Thread } from "../worker-pool.ts";
import { cuttingFor } from "./cutting.ts";
import { checkQuota, type DocumentQuota } from "./document-quota.ts";
import {
  findByChecksum,
  getDocument,
  hasAllVectors,
  insertDocument,
  type StoredDocument,
  setStatus,
  setTags,
  setVersion,
} from "./documents.ts";
import type { IndexUpkeep } from "./index-upkeep.ts";
import { storageFullMessage } from "./loaders/loader.ts";
import type { MadePairs, MakePairs } from "./pair-index.ts";
import {
  checkRoom,
  findWording,
  getPair,
  insertPair,
  type Pair,
  pairsToIndex,
  setIndexed,
  taken,
  updatePair,
  wordingsOf,
} from "./question-answer-table.ts";
import { enqueueQuestionIndexing } from "./question-jobs.ts";
import type { KnowledgeSearch } from "./search.ts";

export interface NewPair {
  readonly question: string;
  readonly answer: string;
  /** Left out: as they are, where the pair is there; else none. */
  readonly alternatives?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface QuestionAnswersOptions {
  readonly store: TenantStore;
  readonly queue: JobQueue;
  readonly search: KnowledgeSearch;
  readonly upkeep: IndexUpkeep;
  readonly ingestThread: Thread;
  readonly quota: DocumentQuota;
}

export interface Added {
  readonly document: StoredDocument;
  readonly created: boolean;
}

/** Why one of many was not added; its place among them. */
export interface Refused {
  readonly index: number;
  readonly error: AppError;
}

/** Pairs that are stored in one transaction: a few milliseconds of the main thread. */
const batchPairs = 5;
/** How long a job indexes before it lets another one, of another tenant perhaps, go on. */
const indexSliceMs = 1_500;

export class QuestionAnswers {
  readonly #options: QuestionAnswersOptions;

  constructor(options: QuestionAnswersOptions) {
    this.#options = options;
    options.queue.register(this.#indexHandler());
  }

  /**
   * Stores a pair; from then on it answers its question. The same pair again gives the document that is there.
   * @throws AppError conflict when a question of it has another answer; unprocessable when there are too many
   */
  async add(tenantId: string, pair: NewPair): Promise<Added> {
    return this.#options.queue.transact(tenantId, (writer) => {
      checkRoom(writer);
      return this.insert(writer, pair);
    });
  }

  /** Stores many, each on its own: what is wrong with one does not keep the others out. */
  async addAll(tenantId: string, pairs: readonly NewPair[]): Promise<{ added: Added[]; refused: Refused[] }> {
    const added: Added[] = [];
    const refused: Refused[] = [];
    for (let from = 0; from < pairs.length; from += batchPairs)
      await this.#options.queue.transact(tenantId, (writer) => {
        checkRoom(writer);
        for (const [offset, pair] of pairs.slice(from, from + batchPairs).entries()) {
          const conflict = conflictOf(writer, pair);
          if (conflict === null) added.push(this.insert(writer, pair));
          else refused.push({ index: from + offset, error: conflict });
        }
      });
    return { added, refused };
  }

  /** The same in the caller's transaction. */
  insert(writer: JobWriter, input: NewPair): Added {
    const known = samePair(writer, input);
    if (known !== null) return { document: known, created: false };
    const conflict = conflictOf(writer, input);
    if (conflict !== null) throw conflict;
    const pair = { ...input, alternatives: input.alternatives ?? [] };
    const original = originalOf(pair);
    checkQuota(writer, this.#options.quota, 1, original.bytes);
    const id = Bun.randomUUIDv7();
    insertDocument(writer, {
      id,
      source: "qa",
      title: pair.question,
      fileName: fileNameOf(pair),
      mediaType: "application/json",
      bytes: original.bytes,
      checksum: original.checksum,
      tags: input.tags ?? [],
    });
    insertPair(writer, id, pair);
    appendEvent(writer, "document.created", { documentId: id, title: pair.question });
    enqueueQuestionIndexing(writer);
    return { document: getDocument(writer, id), created: true };
  }

  /**
   * Changes a pair: its new answer is given from now on. The passages follow.
   * @throws AppError not_found; conflict when a question of it has an answer in another document
   */
  async change(tenantId: string, documentId: string, input: NewPair): Promise<StoredDocument> {
    return this.#options.queue.transact(tenantId, (writer) => this.update(writer, documentId, input));
  }

  /** The same in the caller's transaction. */
  update(writer: JobWriter, documentId: string, input: NewPair): StoredDocument {
    const document = getDocument(writer, documentId);
    const current = getPair(writer, documentId);
    const pair = { ...input, alternatives: input.alternatives ?? current.alternatives };
    if (input.tags !== undefined) setTags(writer, documentId, input.tags);
    const original = originalOf(pair);
    if (original.checksum === document.checksum) return getDocument(writer, documentId);
    const copy = copyOf(writer, original.checksum);
    if (copy !== null) throw copy;
    updatePair(writer, documentId, pair);
    setStatus(writer, documentId, { status: "pending" });
    const fileName = fileNameOf(pair);
    setVersion(writer, documentId, { title: pair.question, fileName, ...original });
    enqueueQuestionIndexing(writer);
    return getDocument(writer, documentId);
  }

  #indexHandler(): JobHandler {
    return {
      type: "index-questions",
      concurrency: 1,
      perTenant: 1,
      maxAttempts: 8,
      timeoutMs: 60_000,
      run: (context) => this.#options.upkeep.first(() => this.#index(context)),
      onDead: (writer, _job, reason) =>
        failWaiting(
          writer,
          "embedding_failed",
          `The answer is given to exactly this question, but learning its meaning failed (${reason.slice(0, 200)}). Try again.`,
        ),
    };
  }

  /** A slice of what there is to index, then a place at the end of the queue, as for a document. */
  async #index(context: JobContext): Promise<void> {
    const { tenantId } = context.job;
    const until = performance.now() + indexSliceMs;
    let left = true;
    try {
      while (left && performance.now() < until) {
        context.signal.throwIfAborted();
        left = await this.#indexNext(tenantId);
      }
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await this.#options.queue.transact(tenantId, (writer) => {
        failWaiting(writer, "storage_full", storageFullMessage);
        context.finish(writer);
      });
      return;
    }
    await this.#options.queue.transact(tenantId, (writer) => {
      context.finish(writer);
      if (left) enqueueQuestionIndexing(writer);
      else this.#options.upkeep.enqueueSentences(writer);
    });
    // The first document made the index with the model of its beginning; another may have been set since.
    if (!left) await this.#options.upkeep.applyModel(tenantId);
  }

  /** @returns false when there was nothing left */
  async #indexNext(tenantId: string): Promise<boolean> {
    const { store, queue, search, ingestThread } = this.#options;
    const model = await search.modelOf(tenantId);
    const input: MakePairs = {
      path: store.databasePath(tenantId),
      ...cuttingFor(model, (await store.read(tenantId, readSettings)).settings.retrieval),
      embed: model.remote === undefined,
      withQuestions: model.retrieval.questions !== undefined,
    };
    const made = await ingestThread.call<MadePairs | null>("makePairs", input);
    if (made === null) return false;
    const write = { ticket: made.ticket, dims: model.dims };
    await store.exclusive(tenantId, () => ingestThread.call("writePairs", write));
    if (made.documents.length > 0)
      await queue.transact(tenantId, (writer) => {
        for (const document of made.documents)
          if (model.remote === undefined) finishPair(writer, document);
          else embedElsewhere(writer, document);
      });
    return true;
  }
}

/** Notes that a pair is indexed; one that was changed meanwhile stays in line. */
function finishPair(writer: JobWriter, { id, revision, language }: MadePairs["documents"][number]): void {
  // Its vectors belong to a model that was changed in this moment: once more.
  if (!hasAllVectors(writer, id) || !setIndexed(writer, id, revision)) return;
  if (setStatus(writer, id, { status: "ready", language }))
    appendEvent(writer, "document.ready", { documentId: id });
}

/** The pair's passages are found by their words; a model server makes the vectors as for any document. */
function embedElsewhere(writer: JobWriter, { id, revision, language }: MadePairs["documents"][number]): void {
  if (!setIndexed(writer, id, revision)) return;
  setStatus(writer, id, { status: "processing", language });
  writer.enqueue({ type: "embed-remote", orderingKey: `document:${id}`, payload: { documentId: id } });
}

/** Pairs that wait to be indexed and will not be; `retry` puts each back in line. */
function failWaiting(writer: Writer, code: string, message: string): void {
  for (const { documentId, revision } of pairsToIndex(writer, Number.MAX_SAFE_INTEGER)) {
    setIndexed(writer, documentId, revision);
    if (setStatus(writer, documentId, { status: "failed", error: { code, message } }))
      appendEvent(writer, "document.failed", { documentId, code });
  }
}

/** The document that is this pair already. What is left out of the input is not compared. */
function samePair(writer: Writer, input: NewPair): StoredDocument | null {
  const documentId = findWording(writer, input.question);
  if (documentId === undefined) return null;
  const { question, answer, alternatives } = getPair(writer, documentId);
  const document = getDocument(writer, documentId);
  const same =
    question === input.question &&
    answer === input.answer &&
    (input.alternatives === undefined || sameTexts(input.alternatives, alternatives)) &&
    (input.tags === undefined || sameTexts(input.tags, document.tags));
  return same ? document : null;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** What keeps the pair from being stored, or null. */
function conflictOf(writer: Writer, input: NewPair): AppError | null {
  if (samePair(writer, input) !== null) return null;
  for (const wording of wordingsOf({ ...input, alternatives: input.alternatives ?? [] })) {
    const owner = findWording(writer, wording);
    if (owner !== undefined) return taken(writer, owner, wording);
  }
  return copyOf(writer, originalOf({ ...input, alternatives: input.alternatives ?? [] }).checksum);
}

/** A file with just these bytes was uploaded. */
function copyOf(writer: Writer, checksum: string): AppError | null {
  const known = findByChecksum(writer, checksum);
  return known === undefined
    ? null
    : new AppError("conflict", `The document "${known.title}" has exactly this content already.`);
}

function fileNameOf({ question }: Pair): string {
  const name = question.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, " ").trim();
  return `${name.slice(0, 100).toWellFormed()}.json`;
}

/** What an owner gets back as the original. */
export function originalOf(pair: Pair): { text: string; bytes: number; checksum: string } {
  const { question, answer, alternatives } = pair;
  const text = JSON.stringify({ question, answer, alternatives }, null, 2);
  return { text, bytes: Buffer.byteLength(text), checksum: createHash("sha256").update(text).digest("hex") };
}
