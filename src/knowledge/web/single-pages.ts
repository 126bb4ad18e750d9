/** Pages that are added one by one, each a document of its own: fetched by a job, and again whenever asked for. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../errors.ts";
import { appendEvent } from "../../events/event-log.ts";
import type { JobContext, JobHandler, JobWriter } from "../../jobs/job.ts";
import { enqueueIngest, enqueuePageFetch } from "../document-enqueue.ts";
import { checkQuota } from "../document-quota.ts";
import {
  findByChecksum,
  findByUrl,
  getDocument,
  hasContent,
  insertDocument,
  noChecksum,
  type StoredDocument,
  setStatus,
  setUrl,
} from "../documents.ts";
import type { Upload } from "../knowledge.ts";
import { LoadError } from "../loaders/loader.ts";
import type { CrawlOptions } from "./crawl-run.ts";
import { pageFindings } from "./inspect-protocol.ts";
import type { PageContent } from "./page-fetch.ts";
import {
  documentOfAddress,
  insertSinglePage,
  pageOfDocument,
  type StoredPage,
  setChecked,
  setValidators,
} from "./page-table.ts";
import { normaliseAddress } from "./web-address.ts";

export interface PageRequest {
  readonly url: string;
  readonly title?: string | undefined;
}

const maxTries = 3;
const downloadPrefix = "fetched-";

interface Failure {
  readonly code: string;
  readonly message: string;
}

export class SinglePages {
  readonly #options: CrawlOptions;

  constructor(options: CrawlOptions) {
    this.#options = options;
    options.queue.register(this.#handler());
  }

  /**
   * Makes a document of the page at `url`; its content comes later. The same address again gives the document that is
   * there, and has the page read again. @throws AppError invalid_request
   */
  async add(tenantId: string, request: PageRequest): Promise<{ document: StoredDocument; created: boolean }> {
    const url = normaliseAddress(request.url);
    if (url === null)
      throw new AppError(
        "invalid_request",
        "url: an address that begins with http:// or https://, without a user name.",
      );
    return this.#options.queue.transact(tenantId, (writer) => {
      const known = documentOfAddress(writer, url) ?? findByUrl(writer, url)?.id;
      if (known !== undefined) {
        const document = getDocument(writer, known);
        const isIdle = document.status === "ready" || document.status === "failed";
        if (isIdle && document.source === "page") enqueuePageFetch(writer, known);
        return { document, created: false };
      }
      checkQuota(writer, this.#options.quota, 1, 0);
      const id = Bun.randomUUIDv7();
      const title = request.title ?? url;
      const unknown = { fileName: "page", mediaType: "application/octet-stream", bytes: 0 };
      insertDocument(writer, { id, source: "page", title, url, checksum: noChecksum(id), ...unknown });
      insertSinglePage(writer, url, id);
      appendEvent(writer, "document.created", { documentId: id, title });
      enqueuePageFetch(writer, id);
      return { document: getDocument(writer, id), created: true };
    });
  }

  #handler(): JobHandler {
    return {
      type: "fetch-page",
      concurrency: 4,
      perTenant: 2,
      maxAttempts: maxTries,
      timeoutMs: 300_000,
      run: (context) => this.#fetch(context),
      onDead: (writer, job, reason) => {
        const message = `The page could not be read because of a fault on the server (${reason.slice(0, 200)}). Try again; if it stays so, tell the operator.`;
        fail(writer, String(job.payload.documentId), { code: "internal", message });
      },
    };
  }

  async #fetch(context: JobContext): Promise<void> {
    const { tenantId, payload, attempts } = context.job;
    const { store, fetcher, knowledge } = this.#options;
    const documentId = String(payload.documentId);
    const page = await store.read(tenantId, (reader) => pageOfDocument(reader, documentId));
    if (page === undefined) return;
    const document = await store.read(tenantId, (reader) => getDocument(reader, documentId));
    const folder = dirname(knowledge.originalPath(tenantId, documentId));
    await removeDownloads(folder);
    const path = join(folder, downloadPrefix + crypto.randomUUID());
    try {
      const fetched = await fetcher.fetch({
        ...{ url: page.url, path, signal: context.signal, mayFollow: () => true },
        ...(hasContent(document) ? { etag: page.etag, lastModified: page.lastModified } : {}),
      });
      if (fetched.kind === "content") return await this.#take(context, page, document, fetched);
      if (fetched.kind === "unchanged") return await this.#unchanged(context, page);
      if (fetched.kind !== "failed")
        throw new Error(`a page that is always followed was answered with ${fetched.kind}`);
      if (fetched.retryAfterMs !== null && attempts + 1 < maxTries) throw new Error(fetched.message);
      await this.#end(context, (writer) => fail(writer, documentId, fetched));
    } finally {
      await rm(path, { force: true });
    }
  }

  async #take(
    context: JobContext,
    page: StoredPage,
    document: StoredDocument,
    content: PageContent,
  ): Promise<void> {
    const { tenantId } = context.job;
    const { checksum, etag, lastModified } = content;
    const validators = { checksum, etag, lastModified, title: await this.#titleOf(context, content) };
    if (hasContent(document) && page.checksum === checksum) {
      await this.#unchanged(context, page, (writer) =>
        setValidators(writer, page.id, document.id, validators),
      );
      return;
    }
    const within = (writer: JobWriter) => {
      takeAddress(writer, document, content.url);
      setValidators(writer, page.id, document.id, validators);
      setChecked(writer, page.id);
      context.finish(writer);
    };
    const { fileName, path } = content;
    const upload: Upload = {
      ...{ source: "page", title: titleFor(page, document, validators.title ?? fileName), fileName },
      ...{ mediaType: "application/octet-stream", content: Bun.file(path) },
    };
    const { knowledge } = this.#options;
    try {
      // Tried again by its owner, it is pending because it waits for this job.
      const mayBePending = context.job.payload.isRetry === true;
      if (!hasContent(document)) await knowledge.fill(tenantId, document.id, upload, within);
      else await knowledge.replace(tenantId, document.id, upload, { within, mayBePending });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "not_found") throw error;
      await this.#notTaken(context, document, content, error);
    }
  }

  async #notTaken(
    context: JobContext,
    document: StoredDocument,
    content: PageContent,
    { code, message }: AppError,
  ): Promise<void> {
    await this.#end(context, (writer) => {
      if (code !== "conflict") return fail(writer, document.id, { code, message });
      const same = findByChecksum(writer, content.checksum);
      const there = findByUrl(writer, normaliseAddress(content.url) ?? content.url);
      const isTwice = [same, there].some((other) => other !== undefined && other.id !== document.id);
      // Else its last version is still being read: then it is as new as it can be.
      if (isTwice) fail(writer, document.id, { code: "duplicate", message });
    });
  }

  /** What the page calls itself; null for files without a title, and where that cannot be told. */
  async #titleOf(context: JobContext, content: PageContent): Promise<string | null> {
    const scope = { origins: [], include: [], exclude: [], start: "" };
    try {
      const found = await this.#options.parsers.inspect({
        ...{
          tenantId: context.job.tenantId,
          signal: context.signal,
          path: content.path,
          fileName: content.fileName,
        },
        web: { kind: "page", url: content.url, robotsPath: null, scope },
      });
      return pageFindings.parse(found).title ?? null;
    } catch (error) {
      // What is wrong with the file is said when it is read.
      if (error instanceof LoadError) return null;
      throw error;
    }
  }

  /** A document that failed, or waits since its owner tried again, is read again from what is there. */
  async #unchanged(
    context: JobContext,
    page: StoredPage,
    more: (writer: JobWriter) => void = () => undefined,
  ): Promise<void> {
    await this.#end(context, (writer) => {
      more(writer);
      setChecked(writer, page.id);
      const documentId = page.documentId ?? "";
      if (getDocument(writer, documentId).status === "ready") return;
      setStatus(writer, documentId, { status: "pending" });
      enqueueIngest(writer, { documentId });
    });
  }

  async #end(context: JobContext, change: (writer: JobWriter) => void): Promise<void> {
    await this.#options.queue.transact(context.job.tenantId, (writer) => {
      change(writer);
      context.finish(writer);
    });
  }
}

async function removeDownloads(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder))
    if (name.startsWith(downloadPrefix)) await rm(join(folder, name), { force: true });
}

/** Until it is read a document is called what was asked for, or its address; then as the page is, unless renamed. */
function titleFor(page: StoredPage, document: StoredDocument, found: string): string {
  return document.title === page.url || document.title === page.title ? found : document.title;
}

/** @throws AppError conflict when the page is another document already */
function takeAddress(writer: JobWriter, document: StoredDocument, given: string): void {
  const url = normaliseAddress(given) ?? given;
  if (url === document.url) return;
  const other = findByUrl(writer, url);
  if (other !== undefined && other.id !== document.id)
    throw new AppError(
      "conflict",
      `This address leads to ${url}, which is the document "${other.title}" already.`,
    );
  setUrl(writer, document.id, url);
}

function fail(writer: JobWriter, documentId: string, { code, message }: Failure): void {
  const document = pageOfDocument(writer, documentId) && getDocument(writer, documentId);
  if (document === undefined) return;
  const full = hasContent(document) ? `${message} What was read before is still used.` : message;
  setStatus(writer, documentId, { status: "failed", error: { code, message: full } });
  appendEvent(writer, "document.failed", { documentId, code });
}
