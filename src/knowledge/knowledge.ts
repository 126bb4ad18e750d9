/** Documents from upload to index and out again. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Reader } from "../db/transaction.ts";
import { AppError, isDiskFull } from "../errors.ts";
import { appendEvent } from "../events/event-log.ts";
import { defaultEmbedder } from "../inference/model-store.ts";
import type { Job, JobContext, JobHandler, JobWriter } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { readSettings } from "../tenants/settings.ts";
import { EmbeddingError } from "../llm/embedding-answer.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Thread } from "../worker-pool.ts";
import { WorkerError } from "../worker-pool.ts";
import {
  type DocumentSource,
  documentTotals,
  deleteDocumentRow,
  findByChecksum,
  getDocument,
  hasAllVectors,
  hideDocument,
  insertDocument,
  isDocument,
  type StoredDocument,
  setContent,
  setNextChecksum,
  setStatus,
  setVersion,
} from "./documents.ts";
import type { EmbeddingModel } from "./embedding-model.ts";
import type { IndexUpkeep } from "./index-upkeep.ts";
import type { CutResult } from "./ingest-thread.ts";
import { LoadError, storageFullMessage } from "./loaders/loader.ts";
import type { ParserPool } from "./parser/parser-pool.ts";
import { indexAgain } from "./question-answer-table.ts";
import { enqueueQuestionIndexing } from "./question-jobs.ts";
import type { RemoteEmbedding } from "./remote-embedding.ts";
import { noteWorking, putOff } from "./remote-jobs.ts";
import type { KnowledgeSearch } from "./search.ts";

export interface KnowledgeOptions {
  readonly store: TenantStore;
  readonly queue: JobQueue;
  readonly search: KnowledgeSearch;
  readonly upkeep: IndexUpkeep;
  /** Cuts, writes and removes: what is found by its words must not wait for what is being embedded. */
  readonly cutThread: Thread;
  readonly remote: RemoteEmbedding;
  readonly ingestThread: Thread;
  readonly parsers: ParserPool;
  readonly maxBytes: number;
  /** What one tenant may have. */
  readonly quota: { readonly documents: number; readonly bytes: number };
}

export interface Upload {
  readonly source: DocumentSource;
  readonly title: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly content: Blob;
  /** Of a web page. */
  readonly url?: string;
  /** Of the new document, where the caller has to know it before it is there. */
  readonly id?: string;
}

/** What else happens in the transaction in which a document is stored. Throws to take all of it back. */
export type Within = (writer: JobWriter, document: StoredDocument, created: boolean) => void;

/** A new version; its content waits under `file` beside the original until it is indexed. */
const nextVersion = z
  .object({
    title: z.string(),
    fileName: z.string(),
    checksum: z.string(),
    bytes: z.int(),
    file: z.string().regex(/^next-[0-9a-f-]{36}$/),
  })
  .optional();

type EmbedJob = "embed" | "embed-remote";

function embedJobFor(model: EmbeddingModel): EmbedJob {
  return model.remote === undefined ? "embed" : "embed-remote";
}

interface Embedded {
  readonly embedded: number;
  readonly ticket: number;
}

const removeSlice = 100;
/** How long a job embeds before it lets another one, of another tenant perhaps, go on: one batch, or two small ones. */
const embedSliceMs = 250;

export class Knowledge {
  readonly #options: KnowledgeOptions;
  readonly #removals = new Map<string, PromiseWithResolvers<void>>();

  constructor(options: KnowledgeOptions) {
    this.#options = options;
    for (const handler of [
      this.#ingestHandler(),
      this.#embedHandler("embed"),
      this.#embedHandler("embed-remote"),
      this.#removeHandler(),
    ])
      options.queue.register(handler);
  }

  originalPath(tenantId: string, documentId: string): string {
    return join(this.#folder(tenantId, documentId), "original");
  }

  /** The plain text that chunk offsets point into. */
  textPath(tenantId: string, documentId: string): string {
    return join(this.#folder(tenantId, documentId), "text");
  }

  /**
   * Stores the original and enqueues its reading. The same content again gives the document that is there.
   * @throws AppError payload_too_large, quota_exceeded, storage_full, and what `within` throws
   */
  async add(
    tenantId: string,
    upload: Upload,
    within: Within = () => undefined,
  ): Promise<{ document: StoredDocument; created: boolean }> {
    this.#checkSize(upload);
    const id = upload.id ?? Bun.randomUUIDv7();
    const folder = this.#folder(tenantId, id);
    try {
      const checksum = await storeOriginal(upload.content, folder, "original");
      const result = await this.#options.queue.transact(tenantId, (writer) => {
        const known = findByChecksum(writer, checksum);
        if (known !== undefined && known.nextChecksum !== null && known.checksum === checksum)
          throw new AppError(
            "conflict",
            `The document "${known.title}" has this content and is being replaced right now. Wait until that is done.`,
          );
        if (known !== undefined) {
          within(writer, known, false);
          return { document: known, created: false };
        }
        this.#checkQuota(writer, 1, upload.content.size);
        const { source, title, fileName, mediaType, url } = upload;
        insertDocument(writer, {
          id,
          source,
          title,
          fileName,
          mediaType,
          bytes: upload.content.size,
          checksum,
          ...(url === undefined ? {} : { url }),
        });
        appendEvent(writer, "document.created", { documentId: id, title });
        writer.enqueue({ type: "ingest", orderingKey: `document:${id}`, payload: { documentId: id } });
        const document = getDocument(writer, id);
        within(writer, document, true);
        return { document, created: true };
      });
      if (!result.created) rmSync(folder, { recursive: true, force: true });
      return result;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      if (isDiskFull(error) && !(error instanceof AppError))
        throw new AppError("storage_full", "The disk of this server is full; the document was not stored.", {
          cause: error,
        });
      throw error;
    }
  }

  /**
   * Puts a new version in a document's place. The old one is searched until the new one is indexed, and stays when the
   * new one cannot be read. The same content changes nothing.
   * @throws AppError not_found, conflict when another document has this content, payload_too_large, storage_full; and
   * what `within` throws
   * @param options.mayBePending the caller knows that a pending document waits for him, not to be read
   */
  async replace(
    tenantId: string,
    documentId: string,
    upload: Upload,
    options: { readonly within?: Within; readonly mayBePending?: boolean } = {},
  ): Promise<StoredDocument> {
    const { within = () => undefined, mayBePending = false } = options;
    this.#checkSize(upload);
    // Before anything is stored: most refusals need no more.
    await this.#options.store.read(tenantId, (reader) => replaceable(reader, documentId, mayBePending));
    const folder = this.#folder(tenantId, documentId);
    const file = `next-${crypto.randomUUID()}`;
    const path = join(folder, file);
    try {
      const checksum = await storeOriginal(upload.content, folder, file);
      const { title, fileName } = upload;
      const next = { title, fileName, checksum, bytes: upload.content.size, file };
      const { document, taken } = await this.#options.queue.transact(tenantId, (writer) => {
        const current = replaceable(writer, documentId, mayBePending);
        const known = findByChecksum(writer, checksum);
        if (known?.id === documentId) {
          within(writer, current, false);
          return { document: current, taken: false };
        }
        if (known !== undefined)
          throw new AppError("conflict", `The document "${known.title}" has exactly this content already.`);
        this.#checkQuota(writer, 0, upload.content.size - current.bytes);
        setStatus(writer, documentId, { status: "pending" });
        setNextChecksum(writer, documentId, checksum);
        writer.enqueue({
          type: "ingest",
          orderingKey: `document:${documentId}`,
          payload: { documentId, next },
        });
        const document = getDocument(writer, documentId);
        within(writer, document, false);
        return { document, taken: true };
      });
      if (!taken) rmSync(path, { force: true });
      return document;
    } catch (error) {
      rmSync(path, { force: true });
      // The document was deleted meanwhile: its folder must not come back with this.
      if (error instanceof AppError && error.code === "not_found")
        rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Gives its content to a document that had none yet, and enqueues its reading.
   * @throws AppError like `replace`
   */
  async fill(tenantId: string, documentId: string, upload: Upload, within: Within): Promise<StoredDocument> {
    this.#checkSize(upload);
    const folder = this.#folder(tenantId, documentId);
    const checksum = await storeOriginal(upload.content, folder, "original");
    try {
      return await this.#options.queue.transact(tenantId, (writer) => {
        getDocument(writer, documentId);
        const known = findByChecksum(writer, checksum);
        if (known !== undefined && known.id !== documentId)
          throw new AppError("conflict", `The document "${known.title}" has exactly this content already.`);
        const { title, fileName, mediaType, content } = upload;
        setContent(writer, documentId, { title, fileName, mediaType, checksum, bytes: content.size });
        setStatus(writer, documentId, { status: "pending" });
        writer.enqueue({ type: "ingest", orderingKey: `document:${documentId}`, payload: { documentId } });
        const document = getDocument(writer, documentId);
        within(writer, document, true);
        return document;
      });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Reads a failed document again. @throws AppError not_found, conflict */
  async retry(tenantId: string, documentId: string): Promise<StoredDocument> {
    return this.#options.queue.transact(tenantId, (writer) => {
      const document = getDocument(writer, documentId);
      if (document.status !== "failed")
        throw new AppError("conflict", "Only a document that failed can be tried again.");
      setStatus(writer, documentId, { status: "pending" });
      if (document.source === "qa") {
        indexAgain(writer, documentId);
        enqueueQuestionIndexing(writer);
      } else if (document.source === "page")
        // A page may be better now, or may never have been fetched at all.
        writer.enqueue({
          type: "fetch-page",
          orderingKey: `page:${documentId}`,
          payload: { documentId, isRetry: true },
        });
      else writer.enqueue({ type: "ingest", orderingKey: `document:${documentId}`, payload: { documentId } });
      return getDocument(writer, documentId);
    });
  }

  /** Removes every trace; resolves when that is done. A crash in between is made good by the job. @throws AppError not_found */
  async remove(tenantId: string, documentId: string): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#removals.set(documentId, done);
    try {
      await this.#options.queue.transact(tenantId, (writer) => this.discard(writer, documentId));
      // Already hidden: a very large document goes on being removed after this.
      await Promise.race([done.promise, Bun.sleep(10_000)]);
    } finally {
      this.#removals.delete(documentId);
    }
  }

  /** Hides a document and has it removed, in a transaction of the caller's. @throws AppError not_found */
  discard(writer: JobWriter, documentId: string): void {
    const document = getDocument(writer, documentId);
    hideDocument(writer, documentId);
    appendEvent(writer, "document.deleted", { documentId, title: document.title });
    writer.enqueue({ type: "remove-document", orderingKey: `remove:${documentId}`, payload: { documentId } });
  }

  #checkSize(upload: Upload): void {
    if (upload.content.size > this.#options.maxBytes)
      throw new AppError(
        "payload_too_large",
        `"${upload.title}" is larger than the limit of ${Math.round(this.#options.maxBytes / 1024 / 1024)} MB for one document.`,
      );
  }

  #checkQuota(reader: Reader, documents: number, bytes: number): void {
    const { quota } = this.#options;
    const used = documentTotals(reader);
    if (documents > 0 && used.documents + documents > quota.documents)
      throw new AppError(
        "quota_exceeded",
        `There is room for ${quota.documents.toLocaleString("en")} documents, and so many are there. Delete some, or ask the operator for more room.`,
      );
    if (bytes > 0 && used.bytes + bytes > quota.bytes)
      throw new AppError(
        "quota_exceeded",
        `All documents together may take ${Math.round(quota.bytes / 1024 / 1024).toLocaleString("en")} MB, and this one would exceed that. Delete some, or ask the operator for more room.`,
      );
  }

  /** Removes what was stored of a document that never came to be, because the process ended in between. */
  async removeOrphan(tenantId: string, documentId: string): Promise<void> {
    const isKnown = await this.#options.store.read(tenantId, (reader) => isDocument(reader, documentId));
    if (!isKnown) rmSync(this.#folder(tenantId, documentId), { recursive: true, force: true });
  }

  #folder(tenantId: string, documentId: string): string {
    return join(this.#options.store.folder(tenantId), "files", documentId);
  }

  #ingestHandler(): JobHandler {
    return {
      type: "ingest",
      concurrency: 2,
      perTenant: 1,
      maxAttempts: 3,
      timeoutMs: 600_000,
      run: (context) => this.#options.upkeep.first(() => this.#ingest(context)),
      onDead: (writer, job, reason) => {
        setNextChecksum(writer, documentOf(job), null);
        writer.onCommit(() => this.#forgetNext(job));
        failDocument(
          writer,
          job,
          "internal",
          `This document could not be read because of a fault on the server (${reason.slice(0, 200)}). Try again; if it stays so, tell the operator.`,
        );
      },
    };
  }

  async #ingest(context: JobContext): Promise<void> {
    const { tenantId } = context.job;
    const documentId = documentOf(context.job);
    const { store, cutThread } = this.#options;
    const known = await store.transact(tenantId, (writer) =>
      setStatus(writer, documentId, { status: "processing" }),
    );
    if (!known) return;
    const folder = this.#folder(tenantId, documentId);
    const parsedPath = join(folder, "parsed.json");
    const next = nextVersion.parse(context.job.payload.next);
    // After a crash the new version may be in its place already.
    const nextPath = next === undefined ? null : join(folder, next.file);
    const isNext = nextPath !== null && existsSync(nextPath);
    try {
      const document = await store.read(tenantId, (reader) => getDocument(reader, documentId));
      await this.#options.parsers.parseToFile({
        tenantId,
        path: isNext ? nextPath : join(folder, "original"),
        fileName: next?.fileName ?? document.fileName,
        resultPath: parsedPath,
        signal: context.signal,
      });
      const model = await this.#options.search.modelOf(tenantId);
      const { retrieval } = (await store.read(tenantId, readSettings)).settings;
      const cut = await cutThread.call<CutResult>("cut", {
        documentId,
        parsedPath,
        textPath: join(folder, "text"),
        title: (next?.title ?? document.title).replace(/\.[a-z0-9]{1,8}$/i, ""),
        // What runs elsewhere has its tokenizer elsewhere too: ours counts about the same.
        model: model.remote === undefined ? model.id : defaultEmbedder,
        maxTokens: Math.min(retrieval.passageTokens, model.maxTokens),
        overlapTokens: Math.min(retrieval.overlapTokens, Math.floor(retrieval.passageTokens / 2)),
      });
      if (cut.chunks === 0) throw new LoadError("no_text", "This document has no text we can read.");
      await store.exclusive(tenantId, (path) => cutThread.call("write", { path, documentId }));
      const type = embedJobFor(model);
      const { mediaType, language, note } = cut;
      const about = { mediaType, language, note };
      if (isNext) renameSync(nextPath, join(folder, "original"));
      await this.#options.queue.transact(tenantId, (writer) => {
        setStatus(writer, documentId, { status: "processing", ...about });
        if (next !== undefined) setVersion(writer, documentId, next);
        writer.enqueue({ type, orderingKey: `document:${documentId}`, payload: { documentId } });
        context.finish(writer);
      });
    } catch (error) {
      await this.#ingestFailed(context, documentId, error);
    } finally {
      rmSync(parsedPath, { force: true });
    }
  }

  /** What the file itself is to blame for is final; a full disk too, until somebody makes room and tries again. */
  async #ingestFailed(context: JobContext, documentId: string, error: unknown): Promise<void> {
    const known = lastingFailure(error);
    if (known === null || context.signal.aborted) throw error;
    const failure =
      context.job.payload.next === undefined
        ? known
        : {
            ...known,
            message: `The new version could not be used, the one before still is: ${known.message}`,
          };
    await this.#options.queue.transact(context.job.tenantId, (writer) => {
      if (setStatus(writer, documentId, { status: "failed", error: failure }))
        appendEvent(writer, "document.failed", { documentId, code: failure.code });
      setNextChecksum(writer, documentId, null);
      context.finish(writer);
    });
    this.#forgetNext(context.job);
  }

  /** Removes the content of a new version that did not become one. */
  #forgetNext(job: Job): void {
    const next = nextVersion.safeParse(job.payload.next).data;
    if (next !== undefined)
      rmSync(join(this.#folder(job.tenantId, documentOf(job)), next.file), { force: true });
  }

  /** @param waits its vectors come from a model server: others of its kind may wait for other servers meanwhile */
  #embedHandler(type: EmbedJob): JobHandler {
    const waits = type === "embed-remote";
    return {
      type,
      concurrency: waits ? 8 : 1,
      perTenant: 1,
      maxAttempts: 8,
      timeoutMs: waits ? 300_000 : 20_000,
      run: (context) =>
        waits ? this.#embed(context) : this.#options.upkeep.first(() => this.#embed(context)),
      onDead: (writer, job, reason) =>
        failDocument(
          writer,
          job,
          "embedding_failed",
          `The document is found by its words, but learning its meaning failed (${reason.slice(0, 200)}). Try again.`,
        ),
    };
  }

  /**
   * Embeds a part of the document, then hands its place on: a job a slice keeps a large document from holding up
   * the small ones of other tenants.
   */
  async #embed(context: JobContext): Promise<void> {
    const { tenantId } = context.job;
    const documentId = documentOf(context.job);
    const model = await this.#options.search.modelOf(tenantId);
    const type = embedJobFor(model);
    const next = { type, orderingKey: `document:${documentId}`, payload: { documentId } };
    if (context.job.type !== type) {
      // The model was changed since.
      await this.#options.queue.transact(tenantId, (writer) => {
        context.finish(writer);
        writer.enqueue(next);
      });
      return;
    }
    try {
      await this.#embedSlice(context, model, documentId);
    } catch (error) {
      if (model.remote !== undefined && error instanceof EmbeddingError)
        await putOff(this.#options.queue, context, model.remote, error);
      else await this.#ingestFailed(context, documentId, error);
      return;
    }
    const isReady = await this.#options.queue.transact(tenantId, (writer) => {
      context.finish(writer);
      if (!hasAllVectors(writer, documentId)) writer.enqueue(next);
      else if (setStatus(writer, documentId, { status: "ready" })) {
        appendEvent(writer, "document.ready", { documentId });
        this.#options.upkeep.enqueueSentences(writer);
        return true;
      }
      return false;
    });
    // The first document made the index with the model of its beginning; another may have been set since.
    if (isReady) await this.#options.upkeep.applyModel(tenantId);
  }

  async #embedSlice({ job, signal }: JobContext, model: EmbeddingModel, documentId: string): Promise<void> {
    const { tenantId } = job;
    const { store, ingestThread, remote } = this.#options;
    const input = { path: store.databasePath(tenantId), documentId };
    const until = performance.now() + embedSliceMs;
    let embedded: number;
    do {
      signal.throwIfAborted();
      const made =
        model.remote === undefined
          ? await ingestThread.call<Embedded>("embed", { ...input, model: model.id })
          : await remote.passages(model.remote, "texts", input, signal);
      embedded = made.embedded;
      const write = { ticket: made.ticket, documentId, dims: model.dims };
      if (embedded > 0) await store.exclusive(tenantId, () => ingestThread.call("writeVectors", write));
      if (embedded > 0 && model.remote !== undefined) await noteWorking(store, model.remote);
    } while (embedded > 0 && performance.now() < until);
  }

  #removeHandler(): JobHandler {
    return {
      type: "remove-document",
      concurrency: 2,
      perTenant: 1,
      maxAttempts: 20,
      timeoutMs: 600_000,
      run: (context) => this.#remove(context),
    };
  }

  async #remove(context: JobContext): Promise<void> {
    const { tenantId } = context.job;
    const documentId = documentOf(context.job);
    const { store, cutThread } = this.#options;
    let left: number;
    do {
      context.signal.throwIfAborted();
      ({ left } = await store.exclusive(tenantId, (path) =>
        cutThread.call<{ left: number }>("remove", { path, documentId, limit: removeSlice }),
      ));
    } while (left > 0);
    rmSync(this.#folder(tenantId, documentId), { recursive: true, force: true });
    await store.transact(tenantId, (writer) => {
      deleteDocumentRow(writer, documentId);
      context.finish(writer);
    });
    // What was removed is still in the WAL until it is written back and emptied.
    await store.exclusive(tenantId, (path) => cutThread.call("checkpoint", { path }));
    this.#removals.get(documentId)?.resolve();
  }
}

/** @throws AppError not_found; conflict while it is being read */
function replaceable(reader: Reader, documentId: string, mayBePending: boolean): StoredDocument {
  const current = getDocument(reader, documentId);
  if ((current.status === "pending" && !mayBePending) || current.status === "processing")
    throw new AppError(
      "conflict",
      "This document is still being read. Wait until it is ready, then replace it.",
    );
  return current;
}

function documentOf(job: Job): string {
  const { documentId } = job.payload;
  if (typeof documentId !== "string") throw new Error(`job ${job.id} names no document`);
  return documentId;
}

function failDocument(writer: JobWriter, job: Job, code: string, message: string): void {
  const documentId = documentOf(job);
  if (setStatus(writer, documentId, { status: "failed", error: { code, message } }))
    appendEvent(writer, "document.failed", { documentId, code });
}

function lastingFailure(error: unknown): { code: string; message: string } | null {
  if (error instanceof LoadError) return { code: error.code, message: error.message };
  const full = isDiskFull(error) || (error instanceof AppError && error.code === "storage_full");
  const inWorker = error instanceof WorkerError && isDiskFull(error);
  if (full || inWorker) return { code: "storage_full", message: storageFullMessage };
  return null;
}

/** Writes the content to `<folder>/<name>` (temporary name, synced, renamed). @returns its SHA-256, hex. */
async function storeOriginal(content: Blob, folder: string, name: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${name}.${crypto.randomUUID()}.tmp`);
  const hash = createHash("sha256");
  const file = await open(temporary, "wx", 0o600);
  try {
    for await (const piece of content.stream()) {
      // In slices, so that hashing a large piece does not hold the main thread.
      for (let from = 0; from < piece.length; from += 1 << 20) {
        const slice = piece.subarray(from, from + (1 << 20));
        hash.update(slice);
        await file.write(slice);
      }
    }
    await file.datasync();
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  renameSync(temporary, join(folder, name));
  return hash.digest("hex");
}
