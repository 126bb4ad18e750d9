/** Sites that are read into the knowledge base by themselves: kept, changed, scheduled and removed. */
import { rm } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import type { JobContext, JobHandler, JobWriter } from "../../jobs/job.ts";
import { dropWaiting } from "../../jobs/job-table.ts";
import { Crawler } from "./crawl.ts";
import { type CrawlOptions, sourceFolder } from "./crawl-run.ts";
import { anyPages, deletePage, forgetDocument, releasePage } from "./page-table.ts";
import { nextDue } from "./schedule.ts";
import {
  changeSource,
  deleteSourceRow,
  findSource,
  getSource,
  hideSource,
  insertSource,
  type SourceKind,
  type SourceSettings,
  type StoredSource,
  sourceIfThere,
} from "./source-table.ts";
import { normaliseAddress } from "./web-address.ts";

export type NewSource = SourceSettings & { readonly url: string; readonly kind: SourceKind };

const removeSlice = 20;

export class WebSources {
  readonly #options: CrawlOptions;
  readonly #crawler: Crawler;

  constructor(options: CrawlOptions) {
    this.#options = options;
    this.#crawler = new Crawler(options);
    options.queue.register(this.#scheduleHandler());
    options.queue.register(this.#removeHandler());
  }

  /**
   * Keeps a site and begins to read it. The same address again gives the source that is there, as it is.
   * @throws AppError invalid_request, conflict
   */
  async add(tenantId: string, asked: NewSource): Promise<{ source: StoredSource; created: boolean }> {
    const url = normaliseAddress(asked.url);
    if (url === null)
      throw new AppError(
        "invalid_request",
        "url: an address that begins with http:// or https://, without a user name.",
      );
    return this.#options.queue.transact(tenantId, (writer) => {
      const known = findSource(writer, url, asked.kind);
      if (known !== undefined) return { source: known, created: false };
      const id = Bun.randomUUIDv7();
      insertSource(writer, { ...asked, id, url });
      const source = getSource(writer, id);
      this.#reschedule(writer, source);
      this.#crawler.start(writer, source);
      return { source: getSource(writer, id), created: true };
    });
  }

  /** Holds from the next page on that is found, and for the schedule at once. @throws AppError not_found */
  async change(tenantId: string, id: string, settings: Partial<SourceSettings>): Promise<StoredSource> {
    return this.#options.queue.transact(tenantId, (writer) => {
      getSource(writer, id);
      changeSource(writer, id, settings);
      if (settings.schedule !== undefined) this.#reschedule(writer, getSource(writer, id));
      return getSource(writer, id);
    });
  }

  /** Begins a run; where one is under way, that one goes on. @throws AppError not_found */
  async crawl(tenantId: string, id: string): Promise<StoredSource> {
    return this.#options.queue.transact(tenantId, (writer) => {
      this.#crawler.start(writer, getSource(writer, id));
      return getSource(writer, id);
    });
  }

  /** Ends the run that is under way, if any. What it has read stays. @throws AppError not_found */
  async cancel(tenantId: string, id: string): Promise<StoredSource> {
    return this.#options.queue.transact(tenantId, (writer) => {
      this.#crawler.cancel(writer, getSource(writer, id));
      return getSource(writer, id);
    });
  }

  /** Removes a source, and its documents unless they are to be kept. A job does it. @throws AppError not_found */
  async remove(tenantId: string, id: string, documents: "delete" | "keep"): Promise<void> {
    await this.#options.queue.transact(tenantId, (writer) => {
      const source = getSource(writer, id);
      this.#crawler.cancel(writer, source);
      hideSource(writer, id);
      dropWaiting(writer, "crawl-schedule", scheduleKey(id));
      this.#enqueueRemoval(writer, id, documents);
    });
  }

  #reschedule(writer: JobWriter, { id, schedule }: StoredSource): void {
    dropWaiting(writer, "crawl-schedule", scheduleKey(id));
    const nextRunAt = nextDue(schedule, id, Date.now());
    changeSource(writer, id, { nextRunAt });
    if (nextRunAt === null) return;
    const payload = { sourceId: id };
    writer.enqueue({
      type: "crawl-schedule",
      orderingKey: scheduleKey(id),
      payload,
      runAt: nextRunAt,
      onlyOne: true,
    });
  }

  #scheduleHandler(): JobHandler {
    return {
      type: "crawl-schedule",
      concurrency: 4,
      perTenant: 4,
      maxAttempts: 20,
      timeoutMs: 60_000,
      run: (context) => this.#due(context),
    };
  }

  /** However many times were missed while the server was down: one run, and the next time from now on. */
  async #due(context: JobContext): Promise<void> {
    await this.#options.queue.transact(context.job.tenantId, (writer) => {
      context.finish(writer);
      const source = sourceIfThere(writer, String(context.job.payload.sourceId));
      if (source === undefined) return;
      const isDue = source.nextRunAt !== null && source.nextRunAt <= Date.now();
      if (isDue) this.#crawler.start(writer, source);
      this.#reschedule(writer, source);
    });
  }

  #enqueueRemoval(writer: JobWriter, sourceId: string, documents: "delete" | "keep"): void {
    const payload = { sourceId, documents };
    writer.enqueue({ type: "remove-source", orderingKey: `remove-source:${sourceId}`, payload });
  }

  #removeHandler(): JobHandler {
    return {
      type: "remove-source",
      concurrency: 2,
      perTenant: 1,
      maxAttempts: 20,
      timeoutMs: 60_000,
      run: (context) => this.#remove(context),
    };
  }

  /** A few pages at a time: each document is an event and a job of its own. */
  async #remove(context: JobContext): Promise<void> {
    const { tenantId, payload } = context.job;
    const sourceId = String(payload.sourceId);
    const documents = payload.documents === "keep" ? "keep" : "delete";
    const { store, queue, knowledge } = this.#options;
    await rm(sourceFolder(store, tenantId, sourceId), { recursive: true, force: true });
    await queue.transact(tenantId, (writer) => {
      context.finish(writer);
      const pages = anyPages(writer, sourceId, removeSlice);
      for (const page of pages) {
        if (page.documentId !== null && documents === "keep") {
          releasePage(writer, page);
          continue;
        }
        if (page.documentId !== null) {
          forgetDocument(writer, page.id);
          knowledge.discard(writer, page.documentId);
        }
        deletePage(writer, page.id);
      }
      if (pages.length === removeSlice) this.#enqueueRemoval(writer, sourceId, documents);
      else deleteSourceRow(writer, sourceId);
    });
  }
}

function scheduleKey(sourceId: string): string {
  return `source-schedule:${sourceId}`;
}
