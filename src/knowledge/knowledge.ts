/** Documents from upload to index and out again. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Reader } from "../db/transaction.ts";
import { AppError, isDiskFull, notFound } from "../errors.ts";
import { appendEvent } from "../events/event-log.ts";
import type { JobWriter } from "../jobs/job.ts";
import { changeDocument, type DocumentChange } from "./document-change.ts";
import { enqueueIngest, enqueuePageFetch, enqueueRetitle } from "./document-enqueue.ts";
import { documentFolder, storeOriginal } from "./document-files.ts";
import { DocumentJobs, type DocumentJobsOptions } from "./document-jobs.ts";
import { checkQuota, type DocumentQuota } from "./document-quota.ts";
import {
  type DocumentSource,
  findByChecksum,
  getDocument,
  hideDocument,
  insertDocument,
  isDocument,
  isShown,
  type StoredDocument,
  setContent,
  setNextChecksum,
  setStatus,
} from "./documents.ts";
import { indexAgain } from "./question-answer-table.ts";
import { enqueueQuestionIndexing } from "./question-jobs.ts";

export interface KnowledgeOptions extends Omit<DocumentJobsOptions, "onRemoved"> {
  readonly maxBytes: number;
  readonly quota: DocumentQuota;
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

export class Knowledge {
  readonly #options: KnowledgeOptions;
  readonly #removals = new Map<string, PromiseWithResolvers<void>>();

  constructor(options: KnowledgeOptions) {
    this.#options = options;
    const onRemoved = (documentId: string) => this.#removals.get(documentId)?.resolve();
    new DocumentJobs({ ...options, onRemoved });
  }

  originalPath(tenantId: string, documentId: string): string {
    return join(this.#folder(tenantId, documentId), "original");
  }

  /** The plain text that chunk offsets point into. */
  textPath(tenantId: string, documentId: string): string {
    return join(this.#folder(tenantId, documentId), "text");
  }

  /**
   * Stores the original and enqueues its reading. The same content again gives the document that is there; one that
   * could not be read is read again, since the server may have learnt to since.
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
          const again = known.status === "failed" && known.checksum === checksum;
          if (again) {
            setStatus(writer, known.id, { status: "pending" });
            enqueueIngest(writer, { documentId: known.id });
          }
          const document = again ? getDocument(writer, known.id) : known;
          within(writer, document, false);
          return { document, created: false };
        }
        checkQuota(writer, this.#options.quota, 1, upload.content.size);
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
        enqueueIngest(writer, { documentId: id });
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
        checkQuota(writer, this.#options.quota, 0, upload.content.size - current.bytes);
        setStatus(writer, documentId, { status: "pending" });
        setNextChecksum(writer, documentId, checksum);
        enqueueIngest(writer, { documentId, next });
        const document = getDocument(writer, documentId);
        within(writer, document, false);
        return { document, taken: true };
      });
      if (!taken) rmSync(path, { force: true });
      return document;
    } catch (error) {
      rmSync(path, { force: true });
      // Deleted meanwhile: its folder went away under the new version, or must not come back with it.
      if (await this.#isGone(tenantId, documentId)) {
        rmSync(folder, { recursive: true, force: true });
        throw notFound("document");
      }
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
        checkQuota(writer, this.#options.quota, 0, upload.content.size);
        const { title, fileName, mediaType, content } = upload;
        setContent(writer, documentId, { title, fileName, mediaType, checksum, bytes: content.size });
        setStatus(writer, documentId, { status: "pending" });
        enqueueIngest(writer, { documentId });
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
        enqueuePageFetch(writer, documentId, true);
      else enqueueIngest(writer, { documentId });
      return getDocument(writer, documentId);
    });
  }

  /** A new title is what the passages are searched by a little later. @throws AppError not_found */
  async change(tenantId: string, documentId: string, change: DocumentChange): Promise<void> {
    await this.#options.queue.transact(tenantId, (writer) => {
      const before = getDocument(writer, documentId);
      const { title, source } = changeDocument(writer, documentId, change);
      // A pair's passage stands under its question, which is changed with the pair.
      if (title !== before.title && source !== "qa") enqueueRetitle(writer, documentId);
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
    const { maxBytes } = this.#options;
    if (upload.content.size > maxBytes) throw tooLargeDocument(upload.title, maxBytes);
  }

  async #isGone(tenantId: string, documentId: string): Promise<boolean> {
    return !(await this.#options.store.read(tenantId, (reader) => isShown(reader, documentId)));
  }

  /**
   * Removes what was stored of a document that never came to be, because the process ended in between. Looks and
   * removes in one turn: whoever stores the document again does so before or after.
   */
  async removeOrphan(tenantId: string, documentId: string): Promise<void> {
    await this.#options.store.read(tenantId, (reader) => {
      if (!isDocument(reader, documentId))
        rmSync(this.#folder(tenantId, documentId), { recursive: true, force: true });
    });
  }

  #folder(tenantId: string, documentId: string): string {
    return documentFolder(this.#options.store, tenantId, documentId);
  }
}

export function tooLargeDocument(name: string, maxBytes: number): AppError {
  const size = Math.round(maxBytes / 1024 / 1024);
  return new AppError(
    "payload_too_large",
    `"${name}" is larger than the limit of ${size} MB for one document.`,
  );
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
