/** The jobs of a document: reading it, learning its meaning, removing it. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError, isDiskFull } from "../errors.ts";
import { appendEvent } from "../events/event-log.ts";
import type { Job, JobContext, JobHandler, JobWriter } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { EmbeddingError } from "../llm/embedding-answer.ts";
import { readSettings } from "../tenants/settings.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Thread } from "../worker-pool.ts";
import { cuttingFor } from "./cutting.ts";
import { documentFolder } from "./document-files.ts";
import {
  deleteDocumentRow,
  getDocument,
  hasAllVectors,
  isShown,
  setNextChecksum,
  setStatus,
  setVersion,
} from "./documents.ts";
import type { EmbeddingModel } from "./embedding-model.ts";
import type { IndexUpkeep } from "./index-upkeep.ts";
import type { CutResult } from "./ingest-thread.ts";
import { LoadError, storageFullMessage } from "./loaders/loader.ts";
import type { ParserPool } from "./parser/parser-pool.ts";
import type { RemoteEmbedding } from "./remote-embedding.ts";
import { noteWorking, putOff } from "./remote-jobs.ts";
import type { KnowledgeSearch } from "./search.ts";

export interface DocumentJobsOptions {
  readonly store: TenantStore;
  readonly queue: JobQueue;
  readonly search: KnowledgeSearch;
  readonly upkeep: IndexUpkeep;
  /** Cuts, writes and removes: what is found by its words must not wait for what is being embedded. */
  readonly cutThread: Thread;
  readonly remote: RemoteEmbedding;
  readonly ingestThread: Thread;
  readonly parsers: ParserPool;
  /** Told of a document of which no trace is left. */
  readonly onRemoved: (documentId: string) => void;
}

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

interface Retitled {
  readonly last: number | null;
}

/** Passages that are changed or removed in one step. */
const passageSlice = 100;
/** How long a job embeds before it lets another one, of another tenant perhaps, go on: one batch, or two small ones. */
const embedSliceMs = 250;

export class DocumentJobs {
  readonly #options: DocumentJobsOptions;

  constructor(options: DocumentJobsOptions) {
    this.#options = options;
    for (const handler of [
      this.#ingestHandler(),
      this.#embedHandler("embed"),
      this.#embedHandler("embed-remote"),
      this.#retitleHandler(),
      this.#removeHandler(),
    ])
      options.queue.register(handler);
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
    const folder = documentFolder(store, tenantId, documentId);
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
      const renamed = document.renamed && (next === undefined || next.title === document.title);
      const cut = await cutThread.call<CutResult>("cut", {
        documentId,
        parsedPath,
        textPath: join(folder, "text"),
        title: renamed ? document.title : (next?.title ?? document.title).replace(/\.[a-z0-9]{1,8}$/i, ""),
        renamed,
        ...cuttingFor(model, retrieval),
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
    // Its files and passages go away under the job when it is deleted meanwhile: that is no failure.
    if (!(await this.#options.store.read(context.job.tenantId, (reader) => isShown(reader, documentId))))
      return;
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
      rmSync(join(documentFolder(this.#options.store, job.tenantId, documentOf(job)), next.file), {
        force: true,
      });
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

  #retitleHandler(): JobHandler {
    return {
      type: "retitle",
      concurrency: 1,
      perTenant: 1,
      maxAttempts: 5,
      timeoutMs: 600_000,
      run: (context) => this.#retitle(context),
    };
  }

  async #retitle(context: JobContext): Promise<void> {
    const { tenantId } = context.job;
    const documentId = documentOf(context.job);
    const { store, cutThread, upkeep, queue } = this.#options;
    let from: number | null = 0;
    while (from !== null) {
      context.signal.throwIfAborted();
      const next: number = from;
      const done = await store.exclusive(tenantId, (path) =>
        cutThread.call<Retitled>("retitle", { path, documentId, from: next, limit: passageSlice }),
      );
      from = done.last;
    }
    await queue.transact(tenantId, (writer) => {
      upkeep.enqueueSentences(writer);
      context.finish(writer);
    });
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
        cutThread.call<{ left: number }>("remove", { path, documentId, limit: passageSlice }),
      ));
    } while (left > 0);
    rmSync(documentFolder(store, tenantId, documentId), { recursive: true, force: true });
    await store.transact(tenantId, (writer) => {
      deleteDocumentRow(writer, documentId);
      context.finish(writer);
    });
    // What was removed is still in the WAL until it is written back and emptied.
    await store.exclusive(tenantId, (path) => cutThread.call("checkpoint", { path }));
    this.#options.onRemoved(documentId);
  }
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
  if (full) return { code: "storage_full", message: storageFullMessage };
  return null;
}
